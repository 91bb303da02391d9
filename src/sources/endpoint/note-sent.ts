import type { Exchange, SentRequest } from '../../core/endpoint-facts.ts';

/** Remembers a request that metrics must count. */
export function note(
  sent: SentRequest[],
  kind: SentRequest['kind'],
  method: string,
  path: string,
  exchange: Exchange,
): void {
  sent.push({ kind, method, path, status: exchange.status, durationMs: exchange.durationMs });
}
