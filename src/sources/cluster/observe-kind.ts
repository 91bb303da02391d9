import { reasonOf } from '../../core/errors.ts';
import type { Observed } from '../../core/facts.ts';
import type { KindFacts, KubernetesObject } from '../../core/objects.ts';
import type { Resource } from '../../core/resource.ts';
import { KINDS } from '../../kubernetes/kinds.ts';
import type { KeyedHash } from '../keyed-hash.ts';
import { liveResource } from '../live-resource.ts';
import { shapeOfSecret } from '../secret-shape.ts';
import type { Api } from './api.ts';
import { type Discovery, resolveKind } from './discovery.ts';
import { listKind, type Namespaces } from './list.ts';

/** The objects of every kind that a fact carries. A kind that the server does not have costs no request. */
export async function observeKind(
  api: Api,
  discovery: Discovery,
  fact: keyof KindFacts,
  namespaces: Namespaces,
  hash: KeyedHash,
): Promise<Observed<readonly Resource[]>> {
  const resources: Resource[] = [];
  const gaps: string[] = [];
  for (const kind of KINDS.filter((row) => row.fact === fact)) {
    const resolution = resolveKind(discovery, kind);
    if (resolution.served === 'unknown') gaps.push(resolution.reason);
    else if (resolution.served) {
      try {
        const { version, presumed = false } = resolution;
        const listing = await listKind(api, { ...kind, version }, namespaces, presumed, withoutSecrets(hash));
        for (const object of listing.objects) resources.push(liveResource(object));
        if (listing.incomplete !== undefined) gaps.push(listing.incomplete);
      } catch (error) {
        gaps.push(reasonOf(error));
      }
    } else if (kind.builtIn) gaps.push(`the server does not serve ${kind.group}/${kind.version}`);
  }
  const reason = gaps.join('; ');
  if (gaps.length > 0 && resources.length === 0) return { seen: false, reason };
  return { seen: true, value: resources, ...(gaps.length === 0 ? {} : { incomplete: reason }) };
}

/** Takes the values of Secrets out of objects, and leaves all others as they are. */
export function withoutSecrets(hash: KeyedHash): (object: KubernetesObject) => KubernetesObject {
  return (object) => (object.kind === 'Secret' ? shapeOfSecret(object, hash) : object);
}
