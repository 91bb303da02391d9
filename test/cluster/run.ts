import { randomBytes } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { basename, join } from 'node:path';
import type { ClusterFacts } from './cluster-facts.ts';
import { identify, isAlive, type ProcessIdentity } from './process-identity.ts';

/** One start of one cluster: a folder that holds all its files, and a ledger of all that it made elsewhere. */
export interface Run {
  readonly id: string;
  readonly folder: string;
  /** Writes down a thing before or as it is made, so that a later run can remove it even if this one is killed. */
  record(entry: LedgerEntry): void;
}

export type LedgerEntry =
  | ({ readonly made: 'process'; readonly name: string } & ProcessIdentity)
  | { readonly made: 'network-namespace'; readonly name: string }
  | { readonly made: 'control-group'; readonly name: string }
  | { readonly made: 'folder'; readonly path: string }
  | { readonly made: 'fence'; readonly addresses: string }
  | { readonly made: 'kernel-setting'; readonly path: string; readonly before: string; readonly at: number };

interface RunFile {
  readonly kind: RunKind;
  readonly owner: ProcessIdentity;
}

/** A run of the tests ends with its process; a kept one, by `cluster up`, lasts until `cluster down`. */
export type RunKind = 'tests' | 'kept';

/** Short, because a Unix socket's path within may have 107 bytes; fixed, because a later run must find it. */
export const RUNS = join(tmpdir(), `qna-cluster-${userInfo().uid}`);

export function createRun(kind: RunKind): Run {
  mkdirSync(RUNS, { recursive: true, mode: 0o700 });
  if (statSync(RUNS).uid !== userInfo().uid) throw new Error(`${RUNS} belongs to another user; remove it.`);
  const id = randomBytes(4).toString('hex');
  const folder = join(RUNS, id);
  mkdirSync(folder);
  const owner = identify(process.pid) ?? { pid: process.pid, startedAt: '' };
  writeFileSync(join(folder, 'run.json'), JSON.stringify({ kind, owner } satisfies RunFile));
  return openRun(id);
}

function openRun(id: string): Run {
  const folder = join(RUNS, id);
  return {
    id,
    folder,
    record: (entry) => appendFileSync(join(folder, 'ledger.jsonl'), `${JSON.stringify(entry)}\n`),
  };
}

/** The run that a cluster's facts belong to. */
export function runOf({ folder }: Pick<ClusterFacts, 'folder'>): Run {
  return openRun(basename(folder));
}

/** What a run made, oldest first. */
export function ledgerOf({ folder }: Run): readonly LedgerEntry[] {
  const file = join(folder, 'ledger.jsonl');
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line) => {
      try {
        return [JSON.parse(line) as LedgerEntry];
      } catch {
        // The empty last line, or one that a kill cut in two before its thing was made.
        return [];
      }
    });
}

export function saveFacts({ folder }: Run, facts: ClusterFacts): void {
  writeFileSync(join(folder, 'facts.json'), JSON.stringify(facts), { mode: 0o600 });
}

/** The cluster that `cluster up` keeps, whether or not it still runs. */
export function keptRun(): { readonly run: Run; readonly facts: ClusterFacts | undefined } | undefined {
  const run = allRuns().find((candidate) => fileOf(candidate)?.kind === 'kept');
  if (run === undefined) return undefined;
  return { run, facts: readFacts(run) };
}

/** What a run wrote down when its cluster was up; undefined before. */
export function readFacts({ folder }: Run): ClusterFacts | undefined {
  const file = join(folder, 'facts.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as ClusterFacts) : undefined;
}

/** Runs that nobody will end any more: their test process is gone, or their start was killed half-way. */
export function abandonedRuns(): readonly Run[] {
  return allRuns().filter((run) => {
    const file = fileOf(run);
    if (file === undefined) return ageMs(run) > 60_000;
    if (isAlive(file.owner)) return false;
    return file.kind === 'tests' || !existsSync(join(run.folder, 'facts.json')) || !processesOf(run).every(isAlive);
  });
}

export function processesOf(run: Run): readonly (ProcessIdentity & { readonly name: string })[] {
  return ledgerOf(run).flatMap((entry) => (entry.made === 'process' ? [entry] : []));
}

/** A folder without its file may be one that another process creates at this moment. */
function ageMs({ folder }: Run): number {
  return Date.now() - statSync(folder).mtimeMs;
}

export function allRuns(): readonly Run[] {
  return existsSync(RUNS) ? readdirSync(RUNS).map(openRun) : [];
}

function fileOf({ folder }: Run): RunFile | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')) as RunFile;
  } catch {
    return undefined;
  }
}
