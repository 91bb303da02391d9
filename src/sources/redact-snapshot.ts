import type { Snapshot } from '../core/facts.ts';
import type { Resource } from '../core/resource.ts';
import { type Redacted, redact } from '../kubernetes/redact.ts';
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

/** A list that is kept and judged again and again is searched once. */
const REDACTED = new WeakMap<Resource, Resource>();

/** What objects of a list have in common is kept once, and searched once. */
function redactResources(resources: readonly Resource[]): readonly Resource[] {
  let like: Redacted | undefined;
  return resources.map((resource) => {
    const redacted = redactResource(resource, like);
    like = { before: resource.object, after: redacted.object };
    return redacted;
  });
}

function redactResource(resource: Resource, like: Redacted | undefined): Resource {
  const known = REDACTED.get(resource);
  if (known !== undefined) return known;
  const object = redact(resource.object, like);
  const redacted = object === resource.object ? resource : liveResource(object);
  REDACTED.set(resource, redacted);
  return redacted;
}
