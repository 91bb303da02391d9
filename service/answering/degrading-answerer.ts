import type { BreakerMetrics } from '../telemetry/breaker-metrics.ts';
import type { Logger } from '../telemetry/logging.ts';
import { type Answerer, ProviderError } from './answerer.ts';

/** Reasons for which there is no time or no room for another answer either. */
const FINAL: ReadonlySet<ProviderError['reason']> = new Set(['overloaded']);

/**
 * Answers from the stored documents where the model cannot be asked, and marks the answer: what is found is worth more to
 * somebody who waits than an error. Once words of the model have been passed on, its failure stays one.
 */
export function createDegradingAnswerer(
  model: Answerer,
  offline: Answerer,
  metrics: Pick<BreakerMetrics, 'answerDegraded'>,
  logger: Logger,
): Answerer {
  return {
    ...model,
    async answer(question, toolbox, signal, options) {
      try {
        return await model.answer(question, toolbox, signal, options);
      } catch (error) {
        if (!(error instanceof ProviderError) || error.spoken || FINAL.has(error.reason) || signal.aborted) throw error;
        // While the breaker is open, each question would only repeat what those before it have told.
        const level = error.reason === 'circuit_open' ? 'debug' : 'warn';
        logger[level]({ err: error, reason: error.reason }, 'the model could not be asked; the documents answer');
        const answer = await offline.answer(question, toolbox, signal, options);
        metrics.answerDegraded(error.reason);
        return { ...answer, degraded: error.reason };
      }
    },
  };
}
