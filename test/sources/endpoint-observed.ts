import type { FactName, Snapshot } from '../../src/core/facts.ts';
import type { EndpointOptions } from '../../src/sources/endpoint/endpoint-fact.ts';
import { ENDPOINT_FACTS, endpointSource } from '../../src/sources/endpoint/endpoint-source.ts';

export const PATHS = { live: '/health/live', ready: '/health/ready', metrics: '/metrics' };

/** Observes a server; without a choice, in every fact. */
export function collect(
  options: Partial<EndpointOptions> & { readonly url: string },
  wanted: readonly FactName[] = ENDPOINT_FACTS,
): Promise<Snapshot> {
  const source = endpointSource({ paths: PATHS, timeoutMs: 2000, deadlineMs: 10_000, ...options });
  return source.collect(new Set(wanted), new AbortController().signal);
}

/** The value of a fact that must have been seen. */
export function seen<K extends FactName>(snapshot: Snapshot, name: K) {
  const fact = snapshot.facts[name];
  if (fact?.seen !== true) throw new Error(`${name} was not seen: ${fact?.reason}`);
  return fact.value;
}

/** The only handshake, which must have been seen. */
export function handshake(snapshot: Snapshot) {
  const [first, ...more] = seen(snapshot, 'edgeHandshakes');
  if (first?.handshake.seen !== true || more.length > 0) throw new Error('One handshake was to be seen.');
  return first.handshake.value;
}

export function reason(snapshot: Snapshot, name: FactName): string {
  const fact = snapshot.facts[name];
  if (fact === undefined || fact.seen) throw new Error(`${name} was seen`);
  return fact.reason;
}
