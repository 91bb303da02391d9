import type { EdgeHandshake, TlsHandshake } from '../../core/edge-facts.ts';
import { askPlainHttp } from '../http/ask-plain-http.ts';
import { observeTls } from '../http/observe-tls.ts';
import type { PinnedAddresses } from '../http/refused-addresses.ts';
import { RequestFailure } from '../http/request-failure.ts';
import type { Target } from '../http/target.ts';
import type { FoundEndpoint } from './find-endpoint.ts';

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
): Promise<readonly EdgeHandshake[]> {
  if (!target.secure && target.local) return [];
  if (!target.secure && target.port !== 80)
    throw new RequestFailure(
      'limit',
      target.shown,
      'the URL does not use TLS; give the https URL at which users reach the service',
    );
  const { timeoutMs, ca, resolve } = options;
  const { host } = target;
  const port = target.secure ? target.port : 443;
  const result = await observeTls({ host, port, ca, resolve, timeoutMs, signal });
  if (!target.secure)
    return [seen(host, { ...result, plainHttp: found?.exchange, strictTransportSecurity: undefined })];
  const path = `${target.basePath}${found?.path ?? '/'}`;
  const plainHttp = port === 443 ? await askPlainHttp({ host, path, resolve, timeoutMs, signal }) : undefined;
  const strictTransportSecurity = found?.exchange.headers['strict-transport-security'];
  return [seen(host, { ...result, plainHttp, strictTransportSecurity })];
}

function seen(host: string, value: TlsHandshake): EdgeHandshake {
  return { host, handshake: { seen: true, value } };
}
