import type { Exchange, HealthExchanges, SentRequest } from '../../core/endpoint-facts.ts';
import type { Client } from '../http/client.ts';
import { RequestFailure } from '../http/request-failure.ts';
import { askAsKubelet } from './ask-as-kubelet.ts';
import type { FoundEndpoint } from './find-endpoint.ts';
import { note } from './note-sent.ts';
import { type Patience, unansweredBy } from './silence.ts';

/** Few enough to be harmless, enough to see a slow or a wavering answer. */
const SAMPLES = 4;

/** Asks a health endpoint as the kubelet, a load balancer and a stranger would; each request that is answered is noted in `sent`. */
export async function observeHealth(
  client: Client,
  found: FoundEndpoint,
  sent: SentRequest[],
  patience: Patience,
): Promise<HealthExchanges> {
  const { path, passedOver } = found;
  const samples: Exchange[] = [found.exchange];
  try {
    while (samples.length < SAMPLES) {
      const exchange = await client.exchange('GET', path);
      samples.push(exchange);
      note(sent, 'known', 'GET', path, exchange);
    }
  } catch (error) {
    const unanswered = unansweredBy(error, patience);
    if (unanswered === undefined) throw error;
    return { path, passedOver, samples, unanswered, head: undefined, oddMethod: undefined };
  }
  return {
    path,
    passedOver,
    samples,
    head: await attempt(client, 'HEAD', path, 'known', sent),
    oddMethod: await attempt(client, 'PROPFIND', path, 'odd-method', sent),
    kubelet: await askAsKubelet(client, path, sent),
  };
}

/** A request whose failure tells nothing about the endpoint itself. */
async function attempt(
  client: Client,
  method: string,
  path: string,
  kind: SentRequest['kind'],
  sent: SentRequest[],
): Promise<Exchange | undefined> {
  try {
    const exchange = await client.exchange(method, path);
    note(sent, kind, method, path, exchange);
    return exchange;
  } catch (error) {
    if (error instanceof RequestFailure && error.kind === 'broken') return undefined;
    throw error;
  }
}
