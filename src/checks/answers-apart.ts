import type { Verdict } from '../core/check.ts';
import type { Exchange } from '../core/endpoint-facts.ts';
import type { Observed } from '../core/facts.ts';
import type { Pod } from '../core/objects.ts';
import type { Resource } from '../core/resource.ts';

interface Entry {
  readonly pod: string;
  readonly answer: Observed<Exchange>;
  readonly unreachable: boolean;
}

interface Surroundings {
  isReady(pod: string): boolean;
  /** The policies that keep callers out of these pods. */
  readonly policies: readonly Resource[];
}

/**
 * Divides what pods answered from what could not be asked. A pod that is ready, and that a NetworkPolicy closes to those who are not
 * named, is rightly closed to the API server too: the kubelet alone can ask it, and does.
 */
export function answersApart<T extends Entry>(
  entries: readonly T[],
  { isReady: ready, policies }: Surroundings,
): {
  readonly seen: readonly { readonly entry: T; readonly exchange: Exchange }[];
  readonly notSeen: readonly Verdict[];
} {
  const seen = entries.flatMap((entry) => (entry.answer.seen ? [{ entry, exchange: entry.answer.value }] : []));
  const [policy] = policies;
  const reasons = new Map<string, Verdict>();
  for (const { pod, answer, unreachable } of entries) {
    if (answer.seen) continue;
    const isClosed = unreachable && policy !== undefined && ready(pod);
    reasons.set(`${pod} ${answer.reason}`, {
      outcome: isClosed ? 'not-applicable' : 'unknown',
      subject: pod,
      message: isClosed
        ? `${policy.ref} lets only some callers reach the pod, and the API server is none of them (${answer.reason}); probes/observed tells what the kubelet is answered.`
        : `The pod could not be asked: ${answer.reason}.`,
    });
  }
  return { seen, notSeen: [...reasons.values()] };
}

export function isReady(pod: Pod | undefined): boolean {
  return (pod?.status?.conditions ?? []).some(({ type, status }) => type === 'Ready' && status === 'True');
}
