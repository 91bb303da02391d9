import autocannon from 'autocannon';
import type { Subject } from './subject.ts';

export interface Load {
  readonly path: string;
  readonly connections: number;
  readonly seconds?: number;
  /** Instead of a time. */
  readonly amount?: number;
  /** Requests a second over all connections; as many as can be where absent. */
  readonly perSecond?: number;
  readonly body?: object;
}

export interface Measured {
  readonly perSecond: number;
  readonly cpuMicrosPerRequest: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

const WARM_UP = 5_000;

/** What the callers of the service bear. */
export const TOKEN = 'a-token-of-the-benchmark';

/** One of a thousand may fail where the machine stalls for seconds; more, and the figures would be those of errors. */
const MAX_FAILED_SHARE = 0.001;

/** Sends a load and measures what it cost. Throws when requests fail: a quick error is no result. */
export async function measureLoad(subject: Subject, load: Load): Promise<Measured> {
  const { path, connections, seconds = 2, amount, perSecond, body } = load;
  const before = subject.cpuMicros();
  const result = await autocannon({
    url: `${subject.url}${path}`,
    connections,
    ...(amount === undefined ? { duration: seconds } : { amount }),
    ...(perSecond === undefined ? {} : { overallRate: perSecond }),
    ...(body === undefined
      ? {}
      : {
          method: 'POST',
          headers: { 'content-type': 'application/json', authorization: `Bearer ${TOKEN}` },
          body: JSON.stringify(body),
        }),
  });
  const cpuMicros = subject.cpuMicros() - before;
  const failed = result.errors + result.timeouts + result.non2xx;
  if (failed > MAX_FAILED_SHARE * result.requests.total || result.requests.total === 0)
    throw new Error(`${subject.name} failed ${failed} of ${result.requests.total} requests to ${path}.`);
  return {
    perSecond: result.requests.total / result.duration,
    cpuMicrosPerRequest: cpuMicros / result.requests.total,
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
  };
}

export interface Contender {
  readonly subject: Subject;
  readonly path: string;
}

/** Measures the contenders in turn, round after round, so that a slow moment of the machine falls on all of them; medians. */
export async function compareLoads(
  contenders: readonly Contender[],
  load: Omit<Load, 'path'>,
  rounds: number,
): Promise<readonly Measured[]> {
  const samples = contenders.map((): Measured[] => []);
  // The compilers come first: code that has not run often is not yet what it will be.
  for (const { subject, path } of contenders) await measureLoad(subject, { ...load, path, amount: WARM_UP });
  for (let round = 0; round < rounds; round += 1)
    for (const [index, { subject, path }] of contenders.entries())
      samples[index]?.push(await measureLoad(subject, { ...load, path }));
  return samples.map((each) => ({
    perSecond: median(each.map(({ perSecond }) => perSecond)),
    cpuMicrosPerRequest: median(each.map(({ cpuMicrosPerRequest }) => cpuMicrosPerRequest)),
    p50Ms: median(each.map(({ p50Ms }) => p50Ms)),
    p99Ms: median(each.map(({ p99Ms }) => p99Ms)),
  }));
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
