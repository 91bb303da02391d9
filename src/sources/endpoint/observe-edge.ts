import type { Exchange, TlsHandshake } from '../../core/endpoint-facts.ts';
import { createClient } from './client.ts';
import type { FoundEndpoint } from './find-endpoint.ts';
import { observeTls } from './observe-tls.ts';
import type { PinnedAddresses } from './refused-addresses.ts';
import { RequestFailure } from './request-failure.ts';
import { parseTarget, type Target } from './target.ts';

export interface EdgeOptions {
  readonly timeoutMs: number;
  /** Certificates to trust beside the usual ones, in PEM. */
  readonly ca?: string;
  readonly resolve?: PinnedAddresses;
}

/** Looks at the TLS that stands before the service, and at what plain HTTP answers beside it. `found` is what the service answered first. */
export async function observeEdge(
  options: EdgeOptions,
  target: Target,
  found: FoundEndpoint | undefined,
  signal: AbortSignal,
): Promise<TlsHandshake | undefined> {
  if (!target.secure && target.local) return undefined;
  if (!target.secure && target.port !== 80)
    throw new RequestFailure(
      'limit',
      target.shown,
      'the URL does not use TLS; give the https URL at which users reach the service',
    );
  const { timeoutMs, ca, resolve } = options;
  const port = target.secure ? target.port : 443;
  const result = await observeTls({ host: target.host, port, ca, resolve, timeoutMs, signal });
  if (!target.secure) return { ...result, strictTransportSecurity: undefined, plainHttp: found?.exchange };
  return {
    ...result,
    strictTransportSecurity: found?.exchange.headers['strict-transport-security'],
    plainHttp: port === 443 ? await askPlainHttp(options, target, found?.path ?? '/', signal) : undefined,
  };
}

/** Asks port 80 for a path that the service has. It is another origin: it gets a client of its own, without credentials. */
async function askPlainHttp(
  options: EdgeOptions,
  target: Target,
  path: string,
  signal: AbortSignal,
): Promise<Exchange | undefined> {
  const plain = parseTarget(`http://${target.host.includes(':') ? `[${target.host}]` : target.host}/`);
  const client = createClient({
    target: plain,
    headers: {},
    insecure: false,
    ca: undefined,
    resolve: options.resolve,
    timeoutMs: options.timeoutMs,
    signal,
  });
  try {
    return await client.exchange('GET', `${target.basePath}${path}`);
  } catch (error) {
    if (error instanceof RequestFailure) return undefined;
    throw error;
  } finally {
    await client.close();
  }
}
