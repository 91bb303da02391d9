import type { Client, RequestOptions } from '../../http/client.ts';
import { RequestFailure } from '../../http/request-failure.ts';
import type { EndpointView } from '../endpoint-fact.ts';
import type { FoundEndpoint } from '../find-endpoint.ts';
import type { Answer } from './timeline-recorder.ts';

/** As long as the kubelet waits for an answer by default. */
export const KUBELET_ANSWER_MS = 1000;

/** The requests of a run that time bounds, and that would be misread where a count ended them. */
export const UNCOUNTED = Number.POSITIVE_INFINITY;

/** The status that an endpoint answers, or the word for what came in its place. */
export async function askHealth(client: Client, path: string, options: RequestOptions = {}): Promise<Answer> {
  try {
    return { status: (await client.exchange('GET', path, options)).status };
  } catch (error) {
    return { words: wordOf(error) };
  }
}

export function wordOf(error: unknown): 'refused' | 'reset' | 'too slow' {
  if (!(error instanceof RequestFailure)) throw error;
  if (error.kind === 'slow') return 'too slow';
  return error.kind === 'unreachable' ? 'refused' : 'reset';
}

interface BothEndpoints {
  readonly live: FoundEndpoint;
  readonly ready: FoundEndpoint;
}

/**
 * The endpoints that a run watches; throws RequestFailure where one of them was not found or is not well to begin with: nothing is
 * taken from a service, and none is stopped, where it could not be seen what comes of it.
 */
export function bothEndpoints({ live, ready, target }: EndpointView): BothEndpoints {
  for (const [kind, found] of [
    ['liveness', live],
    ['readiness', ready],
  ] as const) {
    const status = found?.exchange.status;
    if (status === undefined || status >= 400)
      throw new RequestFailure(
        'limit',
        target.shown,
        `the ${kind} endpoint ${status === undefined ? 'was not seen' : `answered ${status}`} to begin with, so that nothing was done to the service`,
      );
  }
  return { live, ready } as BothEndpoints;
}
