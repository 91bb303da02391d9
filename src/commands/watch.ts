import { performance } from 'node:perf_hooks';
import type { Check } from '../core/check.ts';
import { reasonOf, UserError } from '../core/errors.ts';
import { formatLocation } from '../core/location.ts';
import { filesSource } from '../sources/files/files-source.ts';
import type { ManifestCache } from '../sources/files/gather.ts';
import { changesBelow } from '../sources/files/watch-files.ts';
import type { Io } from './io.ts';
import { conclude, findingsOf, observe } from './judge.ts';
import type { Policy } from './policy.ts';
import { changesBetween, counted, type OpenFindings, openFindings } from './tell-changes.ts';
import type { ValidateOptions } from './validate.ts';

/**
 * Judges once in full, and then tells after each change what is new, what is gone and how many are left. Files that did not
 * change are not parsed again. Ends when it is interrupted, with the exit code of the last judgement.
 */
export async function watch(
  options: ValidateOptions,
  checks: readonly Check[],
  policy: Policy,
  io: Io,
): Promise<number> {
  const cache: ManifestCache = new Map();
  const source = filesSource({ ...options, cwd: io.cwd, stdin: io.stdin, cache });
  const changes = changesBelow(options.paths, io.cwd, io.signal);
  let open: OpenFindings = new Map();
  let exitCode = 0;
  const judge = async (isFirst: boolean) => {
    const started = performance.now();
    const snapshot = await observe(source, checks, io.signal);
    const run = { command: 'validate', checks, snapshots: [snapshot], startedAt: io.now() };
    const failures = findingsOf(run, policy).filter(({ outcome }) => outcome === 'fail');
    const now = openFindings(failures);
    const tookMs = Math.round(performance.now() - started);
    if (isFirst) exitCode = await conclude(run, options, policy, io);
    else {
      const gaps = snapshot.notSeen.map(
        ({ what, reason, where }) => `? ${where === undefined ? what : formatLocation(where)}: ${reason}`,
      );
      io.stdout.write(tell(open, now, gaps, tookMs));
      exitCode = now.size > 0 ? 1 : gaps.length > 0 ? 3 : 0;
    }
    open = now;
  };
  await attempt(() => judge(true), io);
  io.stderr.write('Waiting for changes; Ctrl-C ends.\n');
  for await (const _ of changes) await attempt(() => judge(false), io);
  return exitCode;
}

/** A file in the middle of an edit is told, and waited for. */
async function attempt(judge: () => Promise<void>, io: Io): Promise<void> {
  try {
    await judge();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    io.stdout.write(`? ${reasonOf(error)}\n`);
  }
}

function tell(before: OpenFindings, now: OpenFindings, gaps: readonly string[], tookMs: number): string {
  const lines = [...changesBetween(before, now), ...gaps, `${counted(now.size, 'failure')}, judged in ${tookMs} ms.`];
  return `${lines.join('\n')}\n`;
}
