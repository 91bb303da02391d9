import type { Snapshot } from '../core/facts.ts';
import type { KubernetesObject } from '../core/objects.ts';
import type { Resource } from '../core/resource.ts';
import { redact } from '../kubernetes/redact.ts';
import { liveResource } from './live-resource.ts';

/**
 * A snapshot of a cluster with a mark in the place of each credential. What is judged, told and saved is this and nothing else,
 * so that a replay says what the recording said, and nothing that was made from a snapshot holds more than the snapshot.
 */
export function redactSnapshot(snapshot: Snapshot): Snapshot {
  const { facts, ...rest } = snapshot;
  const redacted = Object.entries(facts).map(([name, observed]) => [
    name,
    observed.seen && isResources(observed.value)
      ? { ...redact({ ...observed, value: undefined }), value: redactResources(observed.value) }
      : redact(observed),
  ]);
  return { ...redact(rest), facts: Object.fromEntries(redacted) as Snapshot['facts'] };
}

/** Whether a fact's value is a list of objects; of an empty one that cannot be said. */
export function isResources(value: unknown): value is readonly Resource[] {
  const isResource = (one: unknown) => typeof (one as Partial<Resource> | null)?.locate === 'function';
  return Array.isArray(value) && value.length > 0 && value.every(isResource);
}

/** A list that is kept and judged again and again is searched once; what objects of a list have in common is kept once, and searched once. */
const REDACTED = new WeakMap<KubernetesObject, KubernetesObject>();

/**
 * Searches an object before its list is whole, while the server makes the next page. `before` is the one that stands before it
 * in the list, with which it may share parts.
 */
export function redactAhead(object: KubernetesObject, before: KubernetesObject | undefined): void {
  redactObject(object, before);
}

function redactResources(resources: readonly Resource[]): readonly Resource[] {
  let before: KubernetesObject | undefined;
  return resources.map((resource) => {
    const object = redactObject(resource.object, before);
    before = resource.object;
    return object === resource.object ? resource : liveResource(object);
  });
}

function redactObject(object: KubernetesObject, before: KubernetesObject | undefined): KubernetesObject {
  const known = REDACTED.get(object);
  if (known !== undefined) return known;
  const after = before === undefined ? undefined : REDACTED.get(before);
  const redacted = redact(object, after === undefined ? undefined : { before, after });
  REDACTED.set(object, redacted);
  return redacted;
}
