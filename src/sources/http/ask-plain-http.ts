import type { Exchange } from '../../core/endpoint-facts.ts';
import { createClient, type Via } from './client.ts';
import type { PinnedAddresses } from './refused-addresses.ts';
import { RequestFailure } from './request-failure.ts';
import { parseTarget } from './target.ts';

export interface PlainQuestion {
  readonly host: string;
  readonly path: string;
  readonly resolve?: PinnedAddresses | undefined;
  readonly via?: Via | undefined;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/**
 * Asks port 80 of a host for a path, without credentials: it is another origin than the one with TLS. Undefined where nothing
 * answers there.
 */
export async function askPlainHttp({ host, path, ...options }: PlainQuestion): Promise<Exchange | undefined> {
  const target = parseTarget(`http://${host.includes(':') ? `[${host}]` : host}/`);
  const client = createClient({ target, headers: {}, insecure: false, ca: undefined, ...options });
  try {
    return await client.exchange('GET', path);
  } catch (error) {
    if (error instanceof RequestFailure) return undefined;
    throw error;
  } finally {
    await client.close();
  }
}
