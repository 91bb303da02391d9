import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { metricsMovesCheck } from '../../src/checks/metrics/moves/check.ts';
import { runChecks } from '../../src/core/run-checks.ts';
import { DEFAULT_SETTINGS } from '../../src/core/settings.ts';
import { endpointSource } from '../../src/sources/endpoint/endpoint-source.ts';
import { goodService, httpServer } from './endpoint-servers.ts';

const PATHS = { live: '/health/live', ready: '/health/ready', metrics: '/metrics' };

type Choose = (request: IncomingMessage) => number;

/** Judges whether metrics move behind a balancer; without a choice of its own it gives each request to the next replica. */
async function movesBehind(starts: readonly number[], choose?: Choose): Promise<readonly string[]> {
  const replicas = starts.map((start) => goodService(start));
  let turn = 0;
  const choice = choose ?? (() => turn++ % replicas.length);
  await using balancer = await httpServer((request, response) => replicas[choice(request)]?.(request, response));
  const source = endpointSource({ url: balancer.url, paths: PATHS, timeoutMs: 2000, deadlineMs: 10_000 });
  const snapshot = await source.collect(new Set(['metricsActivity']), new AbortController().signal);
  return [...runChecks([metricsMovesCheck], [snapshot], DEFAULT_SETTINGS)].map(
    ({ outcome, message }) => `${outcome}: ${message}`,
  );
}

describe('the metrics of several replicas behind one address', () => {
  it.each([
    [1, [100]],
    [2, [100, 100.25]],
    [3, [100, 200, 300]],
  ])('are counted together over %i of them', async (_, starts) => {
    expect(await movesBehind(starts)).toEqual(['pass: No count fell.', 'pass: Every request was counted.']);
  });

  it.each([
    ['that is seen before the requests', [0, 0, 1, 0, 1, 0, 1]],
    ['that is seen only after them', [0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 1, 0, 1]],
    ['that is met again late', [0, 1, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0]],
  ])('are counted together where connections are balanced by lot, with a second one %s', async (_, lots) => {
    const replicaOf = new Map<unknown, number>();
    const byConnection: Choose = ({ socket }) => {
      const replica = replicaOf.get(socket) ?? lots[replicaOf.size % lots.length] ?? 0;
      replicaOf.set(socket, replica);
      return replica;
    };
    expect(await movesBehind([100, 100.25], byConnection)).toEqual([
      'pass: No count fell.',
      'pass: Every request was counted.',
    ]);
  });

  it('are unknown where the process was started anew while it was asked', async () => {
    let asked = 0;
    const [only = ''] = await movesBehind([100, 200], () => (asked++ < 14 ? 0 : 1));
    expect(only).toMatch(/^unknown: The two scrapes were answered by different processes/);
  });

  it('are unknown where the requests were spread over more than can be told apart', async () => {
    const [only = ''] = await movesBehind([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20]);
    expect(only).toMatch(/^unknown: The two scrapes were answered by different processes/);
  });
});
