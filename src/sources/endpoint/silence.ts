import type { HealthExchanges, Unanswered } from '../../core/endpoint-facts.ts';
import { RequestFailure } from '../http/request-failure.ts';

/** What tells a service that does not answer from a run that is over. */
export interface Patience {
  readonly timeoutMs: number;
  /** Ends the whole run. */
  readonly signal: AbortSignal;
}

/** A request to which the server was reached and gave no answer; undefined for any other failure, and for what the end of the run cut off. */
export function unansweredBy(error: unknown, { timeoutMs, signal }: Patience): Unanswered | undefined {
  if (!(error instanceof RequestFailure) || signal.aborted) return undefined;
  const { kind, request, reason } = error;
  if (kind !== 'slow' && kind !== 'broken') return undefined;
  return { request, reason, ...(kind === 'slow' ? { waitedMs: timeoutMs } : {}) };
}

/** An endpoint of which not one answer was seen. */
export function silentEndpoint(path: string, unanswered: Unanswered): HealthExchanges {
  return { path, passedOver: [], samples: [], unanswered, head: undefined, oddMethod: undefined };
}
