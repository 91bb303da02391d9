import { resolve } from 'node:path';
import { type Check, topicOf } from '../core/check.ts';
import { UserError } from '../core/errors.ts';
import type { Snapshot, Source } from '../core/facts.ts';
import type { ReportFinding } from '../core/report.ts';
import { filesSource } from '../sources/files/files-source.ts';
import { isChosen, readChoice } from './choose-applications.ts';
import type { Io } from './io.ts';
import {
  chosenChecks,
  conclude,
  findingsOf,
  type Judged,
  judgeNarrowed,
  observe,
  type Run,
  tellJudged,
} from './judge.ts';
import type { CommonOptions, FilesChoice } from './options.ts';
import { configurationFolders, type Policy, readPolicy } from './policy.ts';

export interface FilesQuestion extends CommonOptions, FilesChoice {
  readonly paths: readonly string[];
  /** Only what is new since the branch left this ref counts. */
  readonly changedSince?: string;
}

export interface ValidateOptions extends FilesQuestion {
  /** Mends what can be mended without a decision, and judges what that makes. */
  readonly fix: boolean;
  /** With `fix`: tells the changes as a patch, and writes nothing. */
  readonly dryRun: boolean;
  /** Judges anew whenever a file changes, until it is interrupted. */
  readonly watch: boolean;
}

/** Judges files: no cluster, no network. */
export async function validate(options: ValidateOptions, io: Io): Promise<number> {
  refuseContradictions(options);
  if (!options.fix && !options.watch) return tellJudged(await judgeFiles(options, io), options, io);
  const startedAt = io.now();
  const policy = await readPolicy(options, configurationFolders(options.paths, io), io);
  const checks = chosenChecks(options);
  readChoice(options);
  if (options.watch) {
    const { watch } = await import('./watch.ts');
    return watch(options, checks, policy, io);
  }
  const narrow = await narrowing(options, { checks, startedAt, policy }, io);
  const source = sourceOf(options, io);
  const snapshot = await observe(source, checks, io.signal, options);
  const fixed = await fix(snapshot, checks, options, policy, io);
  if (typeof fixed === 'number') return fixed;
  return conclude({ command: 'validate', checks, snapshots: [fixed], startedAt, ...narrow }, options, policy, io);
}

/** What the files are worth, told to nobody. */
export async function judgeFiles(options: FilesQuestion, io: Io): Promise<Judged> {
  const startedAt = io.now();
  const policy = await readPolicy(options, configurationFolders(options.paths, io), io);
  const checks = chosenChecks(options);
  readChoice(options);
  const narrow = await narrowing(options, { checks, startedAt, policy }, io);
  const snapshot = await observe(sourceOf(options, io), checks, io.signal, options);
  return judgeNarrowed({ command: 'validate', checks, snapshots: [snapshot], startedAt, ...narrow }, options, policy);
}

/** What `--changed-since` makes of a run; nothing where it is not given. */
export async function narrowing(
  options: FilesQuestion,
  run: { readonly checks: readonly Check[]; readonly startedAt: Date; readonly policy: Policy },
  io: Io,
): Promise<Pick<Run, 'narrow'>> {
  if (options.changedSince === undefined) return {};
  const { onlyNewSince } = await import('./only-new-since.ts');
  return { narrow: onlyNewSince(options.changedSince, options, run, io) };
}

function sourceOf(options: FilesQuestion, io: Io, texts?: ReadonlyMap<string, string>): Source {
  return filesSource({ ...options, cwd: io.cwd, stdin: io.stdin, ...(texts === undefined ? {} : { texts }) });
}

/** The snapshot of what the changes make, or the exit code of a run that only tells them. */
async function fix(
  snapshot: Snapshot,
  checks: readonly Check[],
  options: ValidateOptions,
  policy: Policy,
  io: Io,
): Promise<Snapshot | number> {
  const { planFixes, tellFixes, writeFixes } = await import('./fix.ts');
  const fixes = planFixes(snapshot, checks, policy, io);
  const texts = new Map([...fixes.files].map(([file, { text }]) => [resolve(io.cwd, file), text]));
  const after = texts.size === 0 ? snapshot : await observe(sourceOf(options, io, texts), checks, io.signal);
  const failuresOf = (of: Snapshot) =>
    findingsOf({ command: 'validate', checks, snapshots: [of], startedAt: io.now() }, policy).filter(
      ({ outcome }) => outcome === 'fail',
    );
  const before = failuresOf(snapshot);
  const told = ({ check, subject, message }: ReportFinding) => `${check} ${subject} ${message}`;
  const known = new Set(before.map(told));
  // A field that has got its name right can show other failures, which the report tells; one that is refused now is our doing.
  const caused = failuresOf(after).find((finding) => topicOf(finding.check) === 'schema' && !known.has(told(finding)));
  if (caused !== undefined)
    throw new UserError(
      `Nothing was written, since the changes would make ${caused.check} fail for ${caused.subject}: ${caused.message}`,
      { hint: 'Mend the failures one by one, with --only.' },
    );
  if (!options.dryRun) writeFixes(fixes, io.cwd);
  io.stderr.write(tellFixes(fixes, options.dryRun));
  if (!options.dryRun) return after;
  const { patchOf } = await import('./fix-patch.ts');
  const { text, bare, hidden } = patchOf(fixes);
  io.stdout.write(text);
  for (const file of bare.filter((each) => !hidden.includes(each)))
    io.stderr.write(
      `${file}: what stands around the changes may hold secrets and is not shown; use git apply --unidiff-zero.\n`,
    );
  for (const file of hidden)
    io.stderr.write(`${file}: a line that changes holds a secret and is shown as …; use --fix without --dry-run.\n`);
  return before.length === 0 ? 0 : 1;
}

function refuseContradictions(options: ValidateOptions): void {
  const { fix: mends, dryRun, watch, paths, reports, changedSince } = options;
  const refuse = (sentence: string, hint: string) => {
    throw new UserError(sentence, { hint });
  };
  if (dryRun && !mends) refuse('--dry-run goes with --fix.', 'Without --fix nothing is written in any case.');
  if (mends && watch) refuse('--fix and --watch exclude each other.', 'Mend once, then watch.');
  if ((mends || watch) && changedSince !== undefined)
    refuse(
      '--changed-since narrows what is told, and --fix and --watch look at all of it.',
      'Take --changed-since away.',
    );
  if ((mends || watch) && isChosen(options))
    refuse(
      '--app and --selector narrow what is told, and --fix and --watch look at all of it.',
      'Name the files of the application, or narrow with --only.',
    );
  if ((mends || watch) && paths.includes('-'))
    refuse(`Standard input cannot be ${mends ? 'mended' : 'watched'}.`, 'Name the files.');
  if (watch && reports.some(({ format, file }) => format !== 'text' && file === undefined))
    refuse('--watch tells what changes to a person, and not to a program.', 'Write other reports to files.');
}
