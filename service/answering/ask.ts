import { randomUUID } from 'node:crypto';
import type { AnswerStore, StoredAnswer } from '../database/answers.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { type Answerer, ProviderError, type Toolbox } from './answerer.ts';

/** What became of the last calls of the provider, so that readiness can tell it without asking the provider itself. */
export interface ProviderHealth {
  readonly failing: boolean;
}

export interface Asking {
  ask(question: string, signal: AbortSignal): Promise<StoredAnswer>;
  health(): ProviderHealth;
}

/** Failures in a row after which the provider is called failing. */
const FAILING_AFTER = 3;

/** Answers a question within the deadline, measures it, and keeps the answer. */
export function createAsking(
  answerer: Answerer,
  toolbox: Toolbox,
  store: AnswerStore,
  metrics: Metrics,
  deadlineMs: number,
): Asking {
  let failuresInARow = 0;
  return {
    health: () => ({ failing: answerer.isFailing?.() ?? failuresInARow >= FAILING_AFTER }),
    async ask(question, signal) {
      const deadline = AbortSignal.timeout(deadlineMs);
      const bound = AbortSignal.any([signal, deadline]);
      const started = performance.now();
      let failure: string | undefined;
      let usage: StoredAnswer['usage'] | undefined;
      try {
        const answer = await answerer.answer(question, toolbox, bound);
        failuresInARow = 0;
        usage = answer.usage;
        const stored = await store.save(randomUUID(), question, answer);
        return answer.degraded === undefined ? stored : { ...stored, degraded: answer.degraded };
      } catch (error) {
        const reported = deadline.aborted ? new ProviderError('timeout', error) : error;
        if (reported instanceof ProviderError) {
          failuresInARow += 1;
          failure = reported.reason;
        } else failure = signal.aborted ? 'aborted' : 'internal';
        throw reported;
      } finally {
        const took = {
          seconds: (performance.now() - started) / 1000,
          ...(failure === undefined ? {} : { errorType: failure }),
        };
        if (answerer.countsCalls !== true)
          metrics.providerCalled({ ...took, ...(usage === undefined ? {} : { usage }) });
        metrics.questionAnswered(took);
      }
    },
  };
}
