import { readPath } from './read-path.ts';
import { STORY_KINDS, type StoryKind, type StoryObject } from './story-object.ts';

/** What of an application can be down by itself; the service is down with its database. */
export type Part = 'service' | 'database' | 'certificate' | 'edge';

/** All objects of an application at one moment. */
export type Scene = Readonly<Record<StoryKind, readonly StoryObject[]>>;

/** Reads them all, by the way to list one kind. */
export async function observe(list: (kind: StoryKind) => Promise<readonly StoryObject[]>): Promise<Scene> {
  const lists = await Promise.all(STORY_KINDS.map(async (kind) => [kind, await list(kind)] as const));
  return Object.fromEntries(lists) as Scene;
}

/** Whether nothing was changed from one moment to the other. */
export function isSameMoment(one: Scene, other: Scene): boolean {
  return versionsIn(one) === versionsIn(other);
}

function versionsIn(scene: Scene): string {
  return STORY_KINDS.flatMap((kind) => scene[kind].map(({ metadata }) => `${metadata.uid} ${metadata.resourceVersion}`))
    .sort()
    .join();
}

/**
 * What is still on its way, a sentence for each: a controller that has not seen the newest of its objects, pods that come or
 * go, addresses that are behind the pods, a certificate, the edge. Nobody waits for the part that is lost.
 */
export function restlessIn(scene: Scene, lost?: Part): readonly string[] {
  return STORY_KINDS.flatMap((kind) =>
    scene[kind].flatMap((object) => {
      const { generation, deletionTimestamp, name } = object.metadata;
      const seen = at(object, 'status/observedGeneration');
      const said =
        seen !== '' && seen !== String(generation)
          ? 'has a controller that has not seen it'
          : kind === 'pods' && deletionTimestamp !== undefined
            ? 'is on its way out'
            : WAITS[kind]?.(object, scene, lost);
      return said === undefined ? [] : [`${kind}/${name} ${said}.`];
    }),
  );
}

type Wait = (object: StoryObject, scene: Scene, lost: Part | undefined) => string | undefined;

/** What an object waits for; undefined where it is as it will stay. */
const WAITS: Readonly<Partial<Record<StoryKind, Wait>>> = {
  statefulsets: (set, _, lost) => lacking(set, lost === 'database' ? [] : ['readyReplicas', 'updatedReplicas']),
  deployments: (deployment, _, lost) =>
    lacking(deployment, runsWithout(lost) ? ['replicas', 'updatedReplicas', 'availableReplicas'] : []),
  pods: (pod, _, lost) => (runsWithout(lost) && isKept(pod) && !holds(pod, 'Ready') ? 'is not ready' : undefined),
  endpointslices: (slice, scene) => (isBehind(slice, scene) ? 'is behind the pods' : undefined),
  certificates: (it, _, lost) => (lost !== 'certificate' && !holds(it, 'Ready') ? 'is not issued' : undefined),
  ingresses: (it, _, lost) =>
    lost !== 'edge' && at(it, 'status/loadBalancer/ingress') === '' ? 'has no address' : undefined,
  gateways: (it, _, lost) => (lost !== 'edge' && !holds(it, 'Programmed') ? 'is not programmed' : undefined),
};

/** Whether all pods of the application run although a part is lost. */
function runsWithout(lost: Part | undefined): boolean {
  return lost !== 'service' && lost !== 'database';
}

function lacking(workload: StoryObject, counts: readonly string[]): string | undefined {
  const wanted = Number(at(workload, 'spec/replicas'));
  const short = counts.filter((count) => Number(at(workload, `status/${count}`)) !== wanted);
  return short.length === 0 ? undefined : `wants ${wanted} pods, which is not the number of its ${short.join(', ')}`;
}

/** Pods of jobs, and those that have ended, are never ready again. */
function isKept({ metadata: { ownerReferences = [] }, ...pod }: StoryObject): boolean {
  return !ownerReferences.some(({ kind }) => kind === 'Job') && !/^(?:Succeeded|Failed)$/.test(at(pod, 'status/phase'));
}

/** Where a slice says of a pod that it is ready and the pod says that it is not, or the other way round. */
function isBehind(slice: StoryObject, { pods, services }: Scene): boolean {
  const service = services.find(({ metadata }) => metadata.name === slice.metadata.labels?.[SERVICE_NAME]);
  // Such a Service calls every pod ready.
  if (service !== undefined && at(service, 'spec/publishNotReadyAddresses') === 'true') return false;
  return pods.some((pod) => {
    const uid = pod.metadata.uid;
    const said = readPath(slice, 'endpoints').map((text) => JSON.parse(text) as Endpoint);
    const mine = said.find(({ targetRef }) => targetRef?.uid === uid);
    return mine !== undefined && mine.conditions?.ready !== holds(pod, 'Ready');
  });
}

interface Endpoint {
  readonly conditions?: { readonly ready?: boolean };
  readonly targetRef?: { readonly uid?: string };
}

const SERVICE_NAME = 'kubernetes.io/service-name';

function holds(object: unknown, condition: string): boolean {
  return at(object, `status/conditions[type=${condition}]/status`) === 'True';
}

function at(object: unknown, path: string): string {
  return readPath(object, path).join(' ');
}
