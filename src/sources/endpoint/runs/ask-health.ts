import { type Client, REQUEST_LIMIT, type RequestOptions } from '../../http/client.ts';
import { RequestFailure } from '../../http/request-failure.ts';
import type { EndpointView } from '../endpoint-fact.ts';
import type { FoundEndpoint } from '../find-endpoint.ts';
import type { Answer } from './timeline-recorder.ts';

/** As long as the kubelet waits for an answer by default. */
export const KUBELET_ANSWER_MS = 1000;

/** The budget of a run that asks several times in a second, for some minutes. */
export const RUN_REQUESTS = 100 * REQUEST_LIMIT;

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

/** The endpoints without which a run cannot be judged; throws RequestFailure where one of them was not found. */
export function bothEndpoints({ live, ready, target }: EndpointView): {
  readonly live: FoundEndpoint;
  readonly ready: FoundEndpoint;
} {
  if (live === undefined || ready === undefined)
    throw new RequestFailure(
      'limit',
      target.shown,
      `the ${live === undefined ? 'liveness' : 'readiness'} endpoint was not seen, so that nothing can be watched`,
    );
  return { live, ready };
}
