import { Ajv } from 'ajv';
import ajvFormats from 'ajv-formats';
import schema from '../../../schemas/snapshot-v2.schema.json' with { type: 'json' };
import { UserError } from '../../core/errors.ts';
import type { Observed, Snapshot } from '../../core/facts.ts';
import { liveResource } from '../live-resource.ts';
import { redactSnapshot } from '../redact-snapshot.ts';
import {
  HOW_TO_SAVE,
  MAX_SNAPSHOT_BYTES,
  OBJECT_FACTS,
  type SavedFact,
  type SavedSnapshot,
  SNAPSHOT_VERSION,
  type SnapshotFile,
  upgrade,
} from './snapshot-shape.ts';

/**
 * Reads the bytes of a saved file, compressed or not; `name` is how a person knows it. Each snapshot says when it was recorded,
 * where the file does. Whatever else the bytes are, a UserError says what is wrong with them.
 */
export function readSnapshots(bytes: Uint8Array, name: string, maxBytes = MAX_SNAPSHOT_BYTES): readonly Snapshot[] {
  const { recordedAt, snapshots } = parse(textOf(inflate(bytes, name, maxBytes), name), name);
  return snapshots.map((saved) =>
    redactSnapshot({ ...revive(saved, name), ...(recordedAt === undefined ? {} : { recordedAt }) }),
  );
}

/** Told by the first bytes, since a name can be anything. */
function inflate(bytes: Uint8Array, name: string, maxBytes: number): Uint8Array {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return process.getBuiltinModule('node:zlib').gunzipSync(bytes, { maxOutputLength: maxBytes });
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const what =
      code === 'ERR_BUFFER_TOO_LARGE'
        ? `inflates to more than ${maxBytes / 1024 / 1024} MiB, which no saved snapshot does`
        : code === 'Z_BUF_ERROR'
          ? 'is cut off: its compressed data ends too early'
          : 'is damaged: its compressed data cannot be read';
    throw new UserError(`${name} ${what}.`, { ...HOW_TO_SAVE, cause });
  }
}

function textOf(bytes: Uint8Array, name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new UserError(`${name} is no saved snapshot: it is not UTF-8.`, { ...HOW_TO_SAVE, cause });
  }
}

function parse(text: string, name: string): SnapshotFile {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new UserError(`${name} is no saved snapshot: it is not JSON.`, { ...HOW_TO_SAVE, cause });
  }
  const file = upgrade(value, name);
  const ajv = new Ajv({ allErrors: false, strict: false });
  ajvFormats.default(ajv);
  if (!ajv.validate(schema, file)) {
    const error = ajv.errors?.[0];
    throw new UserError(
      `${name} is no snapshot of version 1 or ${SNAPSHOT_VERSION}: ${error?.instancePath || 'it'} ${error?.message ?? 'is refused'}.`,
      HOW_TO_SAVE,
    );
  }
  return file as SnapshotFile;
}

function revive({ facts, ...saved }: SavedSnapshot, name: string): Snapshot {
  const revived = Object.entries(facts).map(([fact, observed]) => [fact, reviveFact(fact, observed, name)]);
  return { ...saved, facts: Object.fromEntries(revived) as Snapshot['facts'] };
}

function reviveFact(fact: string, observed: SavedFact, name: string): Observed<unknown> {
  if ('objects' in observed) {
    const { objects, ...rest } = observed;
    return { ...rest, value: objects.map(liveResource) };
  }
  if (observed.seen && OBJECT_FACTS.has(fact))
    throw new UserError(
      `${name} is no snapshot of version ${SNAPSHOT_VERSION}: ${fact} holds no objects.`,
      HOW_TO_SAVE,
    );
  return observed;
}
