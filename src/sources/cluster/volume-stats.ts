import { reasonOf } from '../../core/errors.ts';
import type { ClaimUsage, Observed, Share } from '../../core/facts.ts';
import type { PersistentVolumeClaim, Pod } from '../../core/objects.ts';
import type { Resource } from '../../core/resource.ts';
import { claimsMountedBy } from '../../kubernetes/mounted-claims.ts';
import { parseQuantity } from '../../kubernetes/quantity.ts';
import type { Api } from './api.ts';
import { ApiError } from './api-error.ts';
import { defineLiveFact, type LiveView, listedObjects } from './live-fact.ts';

/** A namespace whose pods are on more nodes than this is sampled, and the rest is told as not seen. */
const MAX_NODES = 100;
/** An answer tells of every pod of its node, so only a few are held at a time. */
const AT_ONCE = 4;
/** What a file system keeps of a volume for itself makes it smaller, never larger; the rest is for rounding. */
const LARGER_THAN_THE_VOLUME = 1.1;

export const volumeStatsFact = defineLiveFact({
  fact: 'volumeStats',
  from: ['barePods', 'persistentVolumeClaims'],
  enrichedBy: ['storageClasses'],
  rules: [
    {
      group: '',
      resource: 'nodes/proxy',
      verbs: ['get'],
      clusterWide: true,
      // https://kubernetes.io/docs/concepts/security/rbac-good-practices/#access-to-proxy-subresource-of-nodes
      caution:
        "A strong right: it opens the kubelet's own API, which runs commands in any pod of a node. Without it, --skip storage/used.",
    },
  ],
  async observe(view) {
    const pods = listedObjects(view, 'barePods');
    const claims = listedObjects(view, 'persistentVolumeClaims');
    if (!pods.seen) return pods;
    if (!claims.seen) return claims;
    return observeUsage(view, pods.value, claims.value);
  },
});

/** Asks each node that runs a pod with a claim; nobody else has measured how full a volume is. */
async function observeUsage(
  view: LiveView,
  pods: readonly Resource<Pod>[],
  claims: readonly Resource<PersistentVolumeClaim>[],
): Promise<Observed<readonly ClaimUsage[]>> {
  const nodes = [...new Set(pods.flatMap(({ object }) => nodeWithClaims(object)))].sort();
  const usages: ClaimUsage[] = [];
  const gaps: string[] = [];
  const queue = nodes.slice(0, MAX_NODES);
  const work = async () => {
    for (let node = queue.shift(); node !== undefined; node = queue.shift())
      try {
        const summary = await readSummary(view.api, node);
        usages.push(...usagesIn(summary, node, (namespace, claim) => describe(view, claims, namespace, claim)));
      } catch (error) {
        gaps.push(reasonOf(error));
      }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  if (nodes.length > MAX_NODES) gaps.push(`the volumes of ${nodes.length - MAX_NODES} more nodes`);
  const reason = [...new Set(gaps)].join('; ');
  if (gaps.length > 0 && usages.length === 0) return { seen: false, reason };
  return { seen: true, value: usages, ...(gaps.length === 0 ? {} : { incomplete: reason }) };
}

function nodeWithClaims(pod: Pod): readonly string[] {
  const { nodeName } = pod.spec ?? {};
  const runs = pod.status?.phase === 'Running' && claimsMountedBy(pod).length > 0;
  return runs && nodeName !== undefined && nodeName !== '' ? [nodeName] : [];
}

/** https://kubernetes.io/docs/reference/instrumentation/node-metrics/#summary-api-source, cut down to what is read. */
interface Summary {
  readonly node?: { readonly fs?: FileSystem };
  readonly pods?: readonly {
    readonly volume?: readonly (FileSystem & {
      readonly pvcRef?: { readonly name?: string; readonly namespace?: string };
    })[];
  }[];
}

interface FileSystem {
  readonly usedBytes?: number;
  readonly availableBytes?: number;
  readonly capacityBytes?: number;
  readonly inodesUsed?: number;
  readonly inodesFree?: number;
  readonly inodes?: number;
}

async function readSummary(api: Api, node: string): Promise<Summary> {
  const answer = (await api.json(`/api/v1/nodes/${encodeURIComponent(node)}/proxy/stats/summary`)) as Summary | null;
  if (typeof answer?.node !== 'object' || answer.node === null)
    throw new ApiError(`what answers for the node ${node} is no summary of the kubelet`);
  return answer;
}

interface Described {
  readonly sizeBytes?: number;
  readonly expandable?: boolean;
}

/** A claim that several pods of the node mount is measured for each of them, and told once. Other namespaces are not ours. */
function usagesIn(
  { node: self, pods }: Summary,
  node: string,
  describeClaim: (namespace: string, claim: string) => Described | undefined,
): readonly ClaimUsage[] {
  const usages = new Map<string, ClaimUsage>();
  for (const { pvcRef, ...measured } of (pods ?? []).flatMap(({ volume }) => volume ?? [])) {
    const { namespace = '', name: claim = '' } = pvcRef ?? {};
    const described = describeClaim(namespace, claim);
    const bytes = shareOf(measured.usedBytes, measured.availableBytes, measured.capacityBytes);
    const inodes = shareOf(measured.inodesUsed, measured.inodesFree, measured.inodes);
    if (described === undefined || (bytes === undefined && inodes === undefined)) continue;
    const { sizeBytes, expandable } = described;
    const sharedWith = companyOf(measured, self?.fs, sizeBytes);
    usages.set(`${namespace}/${claim}`, {
      namespace,
      claim,
      node,
      ...(bytes === undefined ? {} : { bytes }),
      ...(inodes === undefined ? {} : { inodes }),
      ...(sharedWith === undefined ? {} : { sharedWith }),
      ...(expandable === undefined ? {} : { expandable }),
    });
  }
  return [...usages.values()];
}

/** Nothing where a driver tells no figure, or tells 0 for all that it does not know. */
function shareOf(used: number | undefined, free: number | undefined, total: number | undefined): Share | undefined {
  if (typeof total !== 'number' || total <= 0 || typeof free !== 'number') return undefined;
  return { used: typeof used === 'number' ? used : total - free, free, total };
}

/** A folder of a disk has no size of its own: what is measured is the disk, and all that lies on it. */
function companyOf(
  { capacityBytes: total }: FileSystem,
  ofNode: FileSystem | undefined,
  sizeBytes: number | undefined,
): ClaimUsage['sharedWith'] {
  if (total === undefined) return undefined;
  if (total === ofNode?.capacityBytes) return 'the node';
  return sizeBytes !== undefined && total > sizeBytes * LARGER_THAN_THE_VOLUME ? 'others' : undefined;
}

/** What the claim's own object and its class say; undefined where the claim is not among those that were looked at. */
function describe(
  view: LiveView,
  claims: readonly Resource<PersistentVolumeClaim>[],
  namespace: string,
  name: string,
): Described | undefined {
  const claim = claims.find(
    ({ object: { metadata } }) => metadata?.name === name && metadata.namespace === namespace,
  )?.object;
  if (claim === undefined) return undefined;
  const sizeBytes = parseQuantity(claim.status?.capacity?.storage);
  const classes = listedObjects(view, 'storageClasses');
  const own = (classes.seen ? classes.value : []).find(
    ({ object: { metadata } }) => metadata?.name === claim.spec?.storageClassName,
  );
  return {
    ...(sizeBytes === undefined ? {} : { sizeBytes }),
    ...(own === undefined ? {} : { expandable: own.object.allowVolumeExpansion === true }),
  };
}
