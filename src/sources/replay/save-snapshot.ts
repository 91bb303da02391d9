import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { createGzip } from 'node:zlib';
import { reasonOf, UserError } from '../../core/errors.ts';
import type { FactName, Observed, Snapshot } from '../../core/facts.ts';
import type { Resource } from '../../core/resource.ts';
import { isResources, redactSnapshot } from '../redact-snapshot.ts';
import { MAX_SNAPSHOT_BYTES, OBJECT_FACTS, SNAPSHOT_VERSION } from './snapshot-shape.ts';

/** What a file of snapshots says of itself. */
export interface Recording {
  readonly recordedAt: Date;
  /** The version of the program. */
  readonly recordedBy: string;
}

/**
 * Writes snapshots so that they can be replayed, and shown to others; a name that ends in `.gz` has them compressed. The file is
 * there as a whole or not at all: a run that is killed, or a disk that is full, leaves what was there before.
 */
export async function saveSnapshots(file: string, snapshots: readonly Snapshot[], recording: Recording): Promise<void> {
  const pieces = bounded(piecesOf(snapshots.map(redactSnapshot), recording), file);
  const bytes = file.endsWith('.gz') ? compressed(pieces) : pieces;
  const target = targetOf(file);
  const written = target.isPlace ? join(dirname(target.path), `.${basename(target.path)}.${process.pid}`) : target.path;
  try {
    mkdirSync(dirname(target.path), { recursive: true });
    await write(written, bytes, target.isPlace);
    if (target.isPlace) renameSync(written, target.path);
  } catch (error) {
    if (target.isPlace && existsSync(written)) rmSync(written);
    if (error instanceof UserError) throw error;
    throw new UserError(`${file} cannot be written: ${reasonOf(error)}.`, {
      hint: target.isPlace
        ? 'Nothing was changed there. Choose another file, or make room for it.'
        : 'Choose another file.',
      cause: error,
    });
  }
}

/** Where the bytes go in the end. A device or a pipe is written to, and no file can take its place; a link keeps its own. */
function targetOf(file: string): { readonly path: string; readonly isPlace: boolean } {
  const stats = statSync(file, { throwIfNoEntry: false });
  if (stats === undefined) return { path: file, isPlace: true };
  return stats.isFile() || stats.isDirectory()
    ? { path: realpathSync(file), isPlace: true }
    : { path: file, isPlace: false };
}

async function write(
  file: string,
  pieces: AsyncIterable<Uint8Array> | Iterable<string>,
  isNew: boolean,
): Promise<void> {
  const descriptor = openSync(file, isNew ? 'wx' : 'w');
  try {
    for await (const piece of pieces) {
      const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece;
      for (let done = 0; done < bytes.length; ) done += writeSync(descriptor, bytes, done);
    }
    if (isNew) fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

async function* compressed(pieces: Iterable<string>): AsyncGenerator<Uint8Array> {
  const { Readable } = process.getBuiltinModule('node:stream');
  const source = Readable.from(pieces, { objectMode: true });
  const gzip = createGzip();
  source.on('error', (error) => gzip.destroy(error));
  yield* source.pipe(gzip) as AsyncIterable<Uint8Array>;
}

function* bounded(pieces: Iterable<string>, file: string): Generator<string> {
  let size = 0;
  for (const piece of pieces) {
    size += Buffer.byteLength(piece);
    if (size > MAX_SNAPSHOT_BYTES)
      throw new UserError(
        `${file} was not written, since the snapshot has more than the ${MAX_SNAPSHOT_BYTES / 1024 / 1024} MiB that can be read again.`,
        { hint: 'Save fewer namespaces in one file.' },
      );
    yield piece;
  }
}

/** One object in a line, so that no text is ever as large as the snapshot, and a comparison by lines shows what differs. */
function* piecesOf(snapshots: readonly Snapshot[], { recordedAt, recordedBy }: Recording): Generator<string> {
  const head = { qnaReadySnapshot: SNAPSHOT_VERSION, recordedAt: recordedAt.toISOString(), recordedBy };
  yield* opened(head, 'snapshots', '[');
  yield* separated(snapshots, snapshotPieces);
  yield ']}\n';
}

function* snapshotPieces({ source, target, label, reach, detected, notSeen, facts }: Snapshot): Generator<string> {
  yield* opened({ source, target, label, reach, detected, notSeen }, 'facts', '{');
  yield* separated(Object.entries(facts) as [FactName, Observed<unknown>][], factPieces);
  yield '}}';
}

function* factPieces([name, observed]: readonly [FactName, Observed<unknown>]): Generator<string> {
  yield `${JSON.stringify(name)}:`;
  if (!observed.seen || !(OBJECT_FACTS.has(name) || isResources(observed.value))) {
    yield JSON.stringify(observed);
    return;
  }
  const { value, ...rest } = observed;
  yield* opened(rest, 'objects', '[');
  yield* separated(value as readonly Resource[], function* ({ object }) {
    yield JSON.stringify(object);
  });
  yield ']}';
}

/** All fields of an object but the last, which is begun. */
function* opened(fields: object, last: string, bracket: '[' | '{'): Generator<string> {
  const text = JSON.stringify(fields);
  yield `${text.slice(0, -1)}${text === '{}' ? '' : ','}${JSON.stringify(last)}:${bracket}`;
}

function* separated<T>(all: readonly T[], pieces: (one: T) => Generator<string>): Generator<string> {
  for (const [index, one] of all.entries()) {
    yield index === 0 ? '\n' : ',\n';
    yield* pieces(one);
  }
}
