import { expect, it } from 'vitest';
import { ProviderError } from '../../../service/answering/answerer.ts';
import { createGuard } from '../../../service/answering/provider/guard.ts';
import { DEFAULT_LIMITS } from '../../../service/answering/provider/limits.ts';
import { contextOf, currentRequest, withRequest } from '../../../service/http/request-context.ts';
import { createBreakerMetrics } from '../../../service/telemetry/breaker-metrics.ts';
import { createRegistry } from '../../../service/telemetry/prometheus.ts';

const FOREVER = new AbortController().signal;

/** A guard with one place and room for one who waits, and a call that keeps the place until it is let go. */
function fullGuard() {
  const registry = createRegistry(() => undefined);
  const guard = createGuard({ ...DEFAULT_LIMITS, concurrency: 1, queue: 1 }, createBreakerMetrics(registry));
  const held = Promise.withResolvers<string>();
  const first = guard.run(() => held.promise, FOREVER);
  return { guard, first, letGo: () => held.resolve('first'), page: async () => (await registry.page()).body };
}

it('who leaves while waiting hears so at once, and the place in the queue is free for the next', async () => {
  const { guard, first, letGo, page } = fullGuard();
  const leaving = new AbortController();
  const second = guard.run(async () => 'second', leaving.signal);
  leaving.abort(new Error('the client left'));
  await expect(second).rejects.toThrow('the client left');
  expect(await page()).toContain('qna_provider_calls{state="waiting"} 0');
  const third = guard.run(async () => 'third', FOREVER);
  expect(await page()).toContain('qna_provider_calls{state="waiting"} 1');
  letGo();
  expect(await Promise.all([first, third])).toEqual(['first', 'third']);
  expect(await page()).toContain('qna_provider_calls{state="running"} 0');
});

it('who waited is called in the trace of its own request, and not in that of the one who made room', async () => {
  const { guard, letGo } = fullGuard();
  const own = contextOf({});
  const seen = withRequest(own, () => guard.run(async () => currentRequest()?.traceparent, FOREVER));
  letGo();
  expect(await seen).toBe(own.traceparent);
});

it('who finds no room hears so within 5 ms, however long the others take', async () => {
  const { guard, first, letGo } = fullGuard();
  const second = guard.run(async () => 'second', FOREVER);
  const times: number[] = [];
  for (let n = 0; n < 200; n += 1) {
    const started = performance.now();
    const error = await guard.run(async () => 'never', FOREVER).catch((reason: unknown) => reason);
    times.push(performance.now() - started);
    expect((error as ProviderError).reason).toBe('overloaded');
    expect(error).toBeInstanceOf(ProviderError);
  }
  // The median, since the machine may stop this process for as long as it likes.
  expect(times.sort((a, b) => a - b)[100]).toBeLessThan(5);
  letGo();
  expect(await Promise.all([first, second])).toEqual(['first', 'second']);
});
