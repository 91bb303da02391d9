import { performance } from 'node:perf_hooks';
import type { Check } from '../core/check.ts';
import { UserError } from '../core/errors.ts';
import type { Snapshot } from '../core/facts.ts';
import type { ReportItem } from '../core/report.ts';
import { checksFor } from '../core/run-checks.ts';
import { rolloutsIn } from '../kubernetes/rollouts.ts';
import { CLUSTER_FACTS } from '../sources/cluster/cluster-source.ts';
import { type ClusterFollower, followCluster, POLL_MS } from '../sources/cluster/follow-cluster.ts';
import type { AuditOptions } from './audit.ts';
import { clusterOptions, hasNoWorkload, liveOptions, refuseEmptiness } from './cluster-options.ts';
import type { Io, Output } from './io.ts';
import { factsFor, type Judged, judgeRun } from './judge.ts';
import type { Policy } from './policy.ts';
import { tellProgress } from './progress.ts';
import { save } from './save.ts';
import { tell } from './tell.ts';
import { changesBetween, counted, type OpenFindings, openFindings } from './tell-changes.ts';

/** As long as a Deployment has for its rollout, if it says nothing else. */
const DEADLINE_SECONDS = 600;

/**
 * Follows a rollout: judges anew whenever something has changed, tells what is new and what is gone, and ends when all is ready and
 * no rollout is in progress, at the deadline, or when it is interrupted. Then it tells how long each item took, and the report of
 * the last judgement, whose exit code it returns.
 */
export async function watchAudit(
  options: AuditOptions,
  checks: readonly Check[],
  policy: Policy,
  io: Io,
): Promise<number> {
  refuseContradictions(options);
  const { deadlineSeconds = DEADLINE_SECONDS } = options;
  const live = liveOptions(options, io);
  const late = new Error(`the deadline of ${deadlineSeconds} s for the whole run was over`);
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(late), deadlineSeconds * 1000);
  const signal = AbortSignal.any([io.signal, deadline.signal]);
  const story = createStory(outputFor(options, io));
  const progress = tellProgress(io, options.verbose);
  const tellStep = progress.of(undefined);
  let hasLooked = false;
  let follower: ClusterFollower | undefined;
  let state: Judgement;
  try {
    follower = await followCluster(
      {
        ...clusterOptions(options, options.contexts[0], io, (step) => {
          if (!hasLooked) tellStep(step);
        }),
        live,
        refused: (what, reason) =>
          io.stderr.write(`Not watched, and asked for every ${POLL_MS / 1000} s instead: ${what} (${reason}).\n`),
      },
      factsFor({ provides: CLUSTER_FACTS }, checksFor(checks, { name: 'cluster', provides: CLUSTER_FACTS }), options),
      signal,
    );
    const first = await follower.observe();
    hasLooked = true;
    progress.end();
    state = judge(first);
    io.stderr.write('Waiting for changes; Ctrl-C ends.\n');
    for (let isWhole = true; ; ) {
      const settled = isSettled(state);
      if (settled && isWhole) break;
      // What was kept and added to says that all is ready; a look at everything has the last word.
      const snapshot = settled ? await follower.observe() : await follower.next();
      if (snapshot === undefined || signal.aborted) break;
      isWhole = settled;
      state = judge(snapshot);
    }
  } finally {
    clearTimeout(timer);
    if (!hasLooked) progress.end();
    follower?.close();
  }
  refuseEmptiness(state.snapshot);
  story.end(state.judged, state.rolling, io.signal.aborted ? 'it was interrupted' : signal.aborted ? late.message : '');
  if (options.save !== undefined) await save(options.save, [state.snapshot], state.observedAt, io);
  return tell(state.judged, options, io);

  function judge(observed: Snapshot): Judgement {
    const observedAt = io.now();
    const snapshot = { ...observed, recordedAt: observedAt.toISOString() };
    const run = { command: 'audit', checks, snapshots: [snapshot], startedAt: observedAt };
    const judged = judgeRun(run, options, policy);
    story.add(judged);
    return { snapshot, observedAt, judged, rolling: rolloutsIn(snapshot) };
  }
}

interface Judgement {
  readonly snapshot: Snapshot;
  readonly observedAt: Date;
  readonly judged: Judged;
  /** The workloads whose pods are being replaced. */
  readonly rolling: readonly string[];
}

/** Nothing is left to wait for. */
function isSettled({ judged, rolling, snapshot }: Judgement): boolean {
  return judged.report.summary.exitCode === 0 && rolling.length === 0 && !hasNoWorkload(snapshot);
}

function refuseContradictions({ from, contexts }: AuditOptions): void {
  const refuse = (sentence: string, hint: string) => {
    throw new UserError(sentence, { hint });
  };
  if (from !== undefined) refuse('A snapshot cannot be watched.', 'Take --watch or --from away.');
  if (contexts.length > 1) refuse('--watch follows one context, and several were given.', 'Run it for each --context.');
}

/** Where the report goes as text, a person reads along; where a program reads the report, it gets nothing else. */
function outputFor({ reports }: AuditOptions, io: Io): Output {
  return reports.some(({ format, file }) => file === undefined && format !== 'text') ? io.stderr : io.stdout;
}

/** Tells each change with the seconds since the start, and in the end when each item was done. */
function createStory(output: Output) {
  const started = performance.now();
  const elapsed = () => `${((performance.now() - started) / 1000).toFixed(1)} s`;
  let open: OpenFindings = new Map();
  let states: ReadonlyMap<string, ReportItem> | undefined;
  /** For each item that is done, since when. */
  const doneAfter = new Map<string, string>();
  return {
    add({ report }: Judged): void {
      const when = elapsed();
      const now = openFindings(report.findings.filter(({ outcome }) => outcome === 'fail' || outcome === 'unknown'));
      const items = new Map(report.items.map((item) => [item.id, item]));
      const lines = [...changesBetween(open, now, `${when} `), ...movesBetween(states, items, when)];
      for (const { id, state } of items.values())
        if (state !== 'done') doneAfter.delete(id);
        else if (!doneAfter.has(id)) doneAfter.set(id, states === undefined ? 'at the start' : `after ${when}`);
      const { fail, unknown } = report.summary;
      if (lines.length > 0 || states === undefined)
        output.write(`${[...lines, `${when}: ${counted(fail, 'failure')}, ${unknown} unknown.`].join('\n')}\n`);
      open = now;
      states = items;
    },
    end({ report }: Judged, rolling: readonly string[], reason: string): void {
      const width = Math.max(0, ...report.items.map(({ name }) => name.length));
      const rows = report.items.map(
        ({ id, name, state }) => `${id.padEnd(5)}${name.padEnd(width)}  ${wordOf(state)} ${doneAfter.get(id) ?? ''}`,
      );
      const verdict = report.summary.exitCode === 0 ? 'Ready' : 'Not ready';
      const why = [
        ...(reason === '' ? [] : [reason]),
        ...(rolling.length === 0
          ? []
          : [`${rolling.join(', ')} ${rolling.length === 1 ? 'is' : 'are'} being rolled out`]),
      ];
      const end = `${verdict} after ${elapsed()}${why.length === 0 ? '' : `: ${why.join(', and ')}`}.`;
      output.write(`\n${[...rows.map((row) => row.trimEnd()), end].join('\n')}\n\n`);
    },
  };
}

/** The items that are in another state than they were. */
function movesBetween(
  before: ReadonlyMap<string, ReportItem> | undefined,
  now: ReadonlyMap<string, ReportItem>,
  when: string,
): readonly string[] {
  if (before === undefined) return [];
  return [...now.values()].flatMap(({ id, name, state }) => {
    const was = before.get(id)?.state;
    return was === state
      ? []
      : [`= ${when} ${id} ${name}: ${wordOf(state)}, was ${was === undefined ? 'not asked' : wordOf(was)}`];
  });
}

function wordOf(state: ReportItem['state']): string {
  return state === 'todo' ? 'to do' : state.replace('-', ' ');
}
