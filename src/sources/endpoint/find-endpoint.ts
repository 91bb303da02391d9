import type { Exchange } from '../../core/endpoint-facts.ts';
import type { Client, RequestOptions } from '../http/client.ts';

/** Paths that services commonly use, asked in this order where the declared one does not exist. */
export const COMMON_PATHS = {
  live: ['/health/live', '/livez', '/healthz', '/health', '/actuator/health/liveness', '/-/healthy'],
  ready: ['/health/ready', '/readyz', '/ready', '/actuator/health/readiness', '/-/ready'],
  metrics: ['/metrics', '/actuator/prometheus', '/q/metrics', '/prometheus'],
} as const;

export interface FoundEndpoint {
  readonly path: string;
  readonly exchange: Exchange;
  readonly passedOver: readonly { readonly path: string; readonly status: number }[];
}

/**
 * Asks the declared path, then the common ones, until one exists. Where none does, the declared path is the one that is
 * judged, with its own answer.
 */
export async function findEndpoint(
  client: Client,
  declared: string,
  common: readonly string[],
  options: RequestOptions = {},
): Promise<FoundEndpoint> {
  const first = await client.exchange('GET', declared, options);
  if (exists(first)) return { path: declared, exchange: first, passedOver: [] };
  const passedOver = [{ path: declared, status: first.status }];
  for (const path of common) {
    if (path === declared) continue;
    const exchange = await client.exchange('GET', path, options);
    if (exists(exchange)) return { path, exchange, passedOver };
    passedOver.push({ path, status: exchange.status });
  }
  return { path: declared, exchange: first, passedOver: passedOver.slice(1) };
}

/** A web application answers any path with its page for people, which is no answer to a machine. */
function exists({ status, body }: Exchange): boolean {
  return ![404, 405, 410, 501].includes(status) && !/^\s*<(?:!doctype html|html)/i.test(body);
}
