import type { Exchange, HealthExchanges, SentRequest } from '../../core/endpoint-facts.ts';
import type { Client } from '../http/client.ts';
import { RequestFailure } from '../http/request-failure.ts';
import { askAsKubelet } from './ask-as-kubelet.ts';
import type { FoundEndpoint } from './find-endpoint.ts';
import { note } from './note-sent.ts';

/** Few enough to be harmless, enough to see a slow or a wavering answer. */
const SAMPLES = 4;

/** Asks a health endpoint as the kubelet, a load balancer and a stranger would; each request is noted in `sent`. */
export async function observeHealth(
  client: Client,
  found: FoundEndpoint,
  sent: SentRequest[],
): Promise<HealthExchanges> {
  const { path, passedOver } = found;
  const samples: Exchange[] = [found.exchange];
  while (samples.length < SAMPLES) {
    const exchange = await client.exchange('GET', path);
    samples.push(exchange);
    note(sent, 'known', 'GET', path, exchange);
  }
  return {
    path,
    passedOver,
    samples,
    head: await attempt(client, 'HEAD', path),
    oddMethod: await attempt(client, 'PROPFIND', path),
    kubelet: await askAsKubelet(client, path, sent),
  };
}

/** A request whose failure tells nothing about the endpoint itself. */
async function attempt(client: Client, method: string, path: string): Promise<Exchange | undefined> {
  try {
    return await client.exchange(method, path);
  } catch (error) {
    if (error instanceof RequestFailure && error.kind === 'broken') return undefined;
    throw error;
  }
}
