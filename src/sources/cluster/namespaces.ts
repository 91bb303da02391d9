import { reasonOf } from '../../core/errors.ts';
import type { Observed } from '../../core/facts.ts';
import type { KubernetesObject } from '../../core/objects.ts';
import type { Resource } from '../../core/resource.ts';
import type { Kind } from '../../kubernetes/kinds.ts';
import { liveResource } from '../live-resource.ts';
import type { Api } from './api.ts';
import { ApiError } from './api-error.ts';
import { listKind, type Namespaces } from './list.ts';
import { defineLiveFact } from './live-fact.ts';

const NAMESPACE: Kind = {
  fact: 'namespaces',
  kind: 'Namespace',
  group: '',
  version: 'v1',
  plural: 'namespaces',
  namespaced: false,
  builtIn: true,
};

/**
 * The namespaces that are looked at. A Role inside a namespace can allow to get that namespace, and no more is needed: a list,
 * which takes a ClusterRole, is asked for only where all of them are looked at.
 */
export const namespacesFact = defineLiveFact({
  fact: 'namespaces',
  from: [],
  rules: [{ group: '', resource: 'namespaces', verbs: ['get'], verbsEverywhere: ['list'], clusterWide: false }],
  observe: ({ api, namespaces }) => observeNamespaces(api, namespaces),
});

async function observeNamespaces(api: Api, wanted: Namespaces): Promise<Observed<readonly Resource[]>> {
  const found: KubernetesObject[] = [];
  const gaps: string[] = [];
  if (wanted === 'all')
    try {
      const { objects, incomplete } = await listKind(api, NAMESPACE, wanted, false, (object) => object);
      found.push(...objects);
      if (incomplete !== undefined) gaps.push(incomplete);
    } catch (error) {
      gaps.push(reasonOf(error));
    }
  else
    for (const name of wanted)
      try {
        found.push(asNamespace(await api.json(`/api/v1/namespaces/${encodeURIComponent(name)}`)));
      } catch (error) {
        gaps.push(reasonOf(error));
      }
  const reason = gaps.join('; ');
  if (gaps.length > 0 && found.length === 0) return { seen: false, reason };
  return { seen: true, value: found.map(liveResource), ...(gaps.length === 0 ? {} : { incomplete: reason }) };
}

/** Anything else that is JSON must not pass for a namespace without labels. */
function asNamespace(answer: unknown): KubernetesObject {
  const { kind, metadata } = (answer ?? {}) as Partial<KubernetesObject>;
  if (kind !== 'Namespace' || metadata?.name === undefined)
    throw new ApiError('the answer is no Namespace, so a proxy may answer in place of the API server');
  const { name, labels } = metadata;
  return { apiVersion: 'v1', kind, metadata: { name, ...(labels === undefined ? {} : { labels }) } };
}
