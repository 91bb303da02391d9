import { setTimeout as delay } from 'node:timers/promises';
import type { Check } from '../core/check.ts';
import { UserError } from '../core/errors.ts';
import type { Snapshot } from '../core/facts.ts';
import { REPORT_SCHEMA, type Report } from '../core/report.ts';
import { prometheusReporter } from '../reporters/prometheus.ts';
import { RequestFailure } from '../sources/http/request-failure.ts';
import type { Io } from './io.ts';
import { judgeRun } from './judge.ts';
import type { CommonOptions } from './options.ts';
import type { Policy } from './policy.ts';
import type { EndpointChoice } from './probe.ts';
import { type ListenAddress, serveMetrics } from './serve-metrics.ts';
import { tell } from './tell.ts';
import { VERSION } from './version.ts';

/** How often it is looked, and where the latest result is served. */
export interface EveryChoice {
  readonly everySeconds: number;
  readonly listen: ListenAddress;
}

/** What is looked at, and what decides whether one can look again. */
type Looked = Pick<EndpointChoice, 'url' | 'shown' | 'runs' | 'logs'>;

interface Look {
  readonly report: Report;
  /** Why there was nothing to judge. */
  readonly failure?: UserError;
}

/**
 * Looks again and again until it is interrupted, and serves the latest result to Prometheus meanwhile. Returns the exit code of the
 * last look that was complete.
 */
export async function probeEvery(
  options: CommonOptions,
  { everySeconds, listen }: EveryChoice,
  run: {
    readonly checks: readonly Check[];
    readonly policy: Policy;
    readonly choices: readonly Looked[];
    readonly look: () => Promise<readonly Snapshot[]>;
  },
  io: Io,
): Promise<number> {
  for (const choice of run.choices) refuseContradictions(choice);
  let last: Look | undefined;
  const server = await serveMetrics(listen, () => (last === undefined ? undefined : pageOf(last.report)));
  io.stderr.write(`Serving ${server.url}; Ctrl-C ends.\n`);
  try {
    while (!io.signal.aborted) {
      const begun = performance.now();
      const look = await lookOnce();
      // What was broken off says nothing.
      if (io.signal.aborted) break;
      if (look.failure !== undefined && look.failure.message !== last?.failure?.message)
        io.stderr.write(`${look.failure.message}\n`);
      last = look;
      const restMs = everySeconds * 1000 - (performance.now() - begun);
      await delay(Math.max(0, restMs), undefined, { signal: io.signal }).catch(() => {});
    }
  } finally {
    await server.close();
  }
  if (last === undefined) throw new UserError('It was interrupted before the first look was over.');
  if (last.failure !== undefined) throw last.failure;
  return tell({ report: last.report, commandOf: () => undefined }, options, io);

  async function lookOnce(): Promise<Look> {
    const { checks, policy, choices, look } = run;
    const startedAt = io.now();
    try {
      const snapshots = await look();
      return { report: judgeRun({ command: 'probe', checks, snapshots, startedAt }, options, policy).report };
    } catch (error) {
      // What was asked for wrongly stays wrong; what cannot be reached now may be there at the next look.
      if (!(error instanceof UserError) || !(error.cause instanceof RequestFailure)) throw error;
      return { report: failedLook(choices, startedAt), failure: error };
    }
  }
}

function pageOf(report: Report): string {
  const page = prometheusReporter(report, { color: false, width: 100, verbose: false }, () => undefined);
  return typeof page === 'string' ? page : [...page].join('');
}

/** Nothing was seen, so nothing was found. */
function failedLook(choices: readonly Looked[], startedAt: Date): Report {
  const targets = choices.map(({ url, shown }) => shown ?? URL.parse(url)?.origin ?? '');
  return {
    $schema: REPORT_SCHEMA,
    tool: { name: 'qna-ready', version: VERSION },
    command: 'probe',
    startedAt: startedAt.toISOString(),
    sources: targets.map((target) => ({
      name: 'endpoint',
      target,
      seen: {},
      notSeen: [{ what: target, reason: 'it could not be reached' }],
    })),
    roles: [],
    summary: { pass: 0, fail: 0, unknown: 0, notApplicable: 0, waived: 0, exitCode: 2, verdict: 'unusable' },
    items: [],
    findings: [],
  };
}

function refuseContradictions({ runs, logs }: Looked): void {
  const harm = runs?.outage !== undefined || runs?.drain !== undefined || runs?.load !== undefined;
  if (harm)
    throw new UserError('An outage, a drain or a load is made once, and not again and again.', {
      hint: 'Take --every away, or the option that makes it.',
    });
  if (logs === '-')
    throw new UserError('Standard input can be read once, and not again and again.', {
      hint: 'Take --every away, or give --logs a file.',
    });
}
