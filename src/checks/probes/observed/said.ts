import type { Event } from '../../../core/objects.ts';
import { maskSecrets } from '../../../core/secret-text.ts';

const MAX_MESSAGE = 200;

/**
 * The kubelet's own words about the probe that failed last, of one container where a name is given and the event says whose it
 * was. What an exec probe printed may follow them, so secrets are masked.
 */
export function lastSaid(events: readonly Event[], about: RegExp, container?: string): string | undefined {
  const [last] = events
    .filter(
      (event) =>
        event.reason === 'Unhealthy' &&
        about.test(event.message ?? '') &&
        (container === undefined || [undefined, container].includes(containerOf(event))),
    )
    .toSorted((a, b) => timeOf(b).localeCompare(timeOf(a)));
  return last?.message === undefined ? undefined : maskSecrets(last.message.trim().slice(0, MAX_MESSAGE));
}

/** `api` of `spec.containers{api}`; undefined where the event does not say. */
export function containerOf({ involvedObject }: Event): string | undefined {
  return /\{(.+)\}$/.exec(involvedObject?.fieldPath ?? '')?.[1];
}

export function timeOf({ lastTimestamp, eventTime }: Event): string {
  return lastTimestamp ?? eventTime ?? '';
}
