import { expect, it, onTestFinished, vi } from 'vitest';
import { until } from '../../../scripts/wait.ts';
import { ProviderError } from '../../../service/answering/answerer.ts';
import { createGuard } from '../../../service/answering/provider/guard.ts';
import { DEFAULT_LIMITS } from '../../../service/answering/provider/limits.ts';
import { createBreakerMetrics } from '../../../service/telemetry/breaker-metrics.ts';
import { createRegistry } from '../../../service/telemetry/prometheus.ts';

it('a breaker lets calls through after its pause, though the clock on the wall has jumped back by an hour', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  onTestFinished(() => void vi.useRealTimers());
  const limits = { ...DEFAULT_LIMITS, breakerFailures: 1, breakerPauseMs: 50 };
  const guard = createGuard(limits, createBreakerMetrics(createRegistry(() => undefined)));
  const { signal } = new AbortController();
  const call = (work: () => Promise<string>) => guard.run(work, signal);
  await expect(call(() => Promise.reject(new ProviderError('refused', undefined)))).rejects.toThrow('refused');
  await expect(call(async () => 'well')).rejects.toThrow('circuit_open');
  vi.setSystemTime(Date.now() - 3_600_000);
  await until('it is asked again', async () => (await call(async () => 'well')) === 'well');
  expect(guard.isFailing()).toBe(false);
});

it('a provider that asks for an hour is left alone for the longest pause that is kept, and not for the hour', async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  onTestFinished(() => void vi.useRealTimers());
  const limits = { ...DEFAULT_LIMITS, retryAfterCapMs: 500 };
  const guard = createGuard(limits, createBreakerMetrics(createRegistry(() => undefined)));
  const { signal } = new AbortController();
  const anHour = new ProviderError('rate_limited', undefined, { retryAfterMs: 3_600_000 });
  await expect(guard.run(() => Promise.reject(anHour), signal)).rejects.toBe(anHour);
  vi.advanceTimersByTime(DEFAULT_LIMITS.maxPauseMs - 1_000);
  await expect(guard.run(async () => 'too early', signal)).rejects.toMatchObject({
    reason: 'rate_limited',
    retryAfterMs: 1_000,
  });
  vi.advanceTimersByTime(1_000);
  expect(await guard.run(async () => 'asked again', signal)).toBe('asked again');
});
