import type { Resource } from '../../core/resource.ts';
import { CLUSTER_LABEL } from '../database-cluster.ts';
import { sameNamespace } from '../label-selector.ts';
import { meansDatabase, namedHosts, namesOf } from '../named-hosts.ts';
import { referencesOf } from '../references/settings.ts';
import type { Workload } from '../workload.ts';
import { nameLabelsOf } from './applications.ts';
import type { ScopeFacts } from './scope-facts.ts';

/** A database that runs in the cluster: a workload, or an object of an operator. */
export interface Database {
  readonly resource: Resource;
  /** Absent where an operator runs the pods. */
  readonly workload?: Workload;
  /** The names by which clients reach it. */
  readonly hosts: ReadonlySet<string>;
  /** The Secrets that its password is in. */
  readonly secrets: ReadonlySet<string>;
}

export function databasesIn(playing: readonly Workload[], facts: ScopeFacts): readonly Database[] {
  return [
    ...playing.map((workload) => ({
      resource: workload.resource,
      workload,
      hosts: namesOf(workload, facts.services),
      secrets: secretsOf(workload),
    })),
    // CloudNativePG makes three Services and the Secret of the application for each Cluster.
    ...facts.databaseClusters.map((resource) => {
      const { name = '' } = resource.object.metadata ?? {};
      return {
        resource,
        hosts: new Set([name, ...['rw', 'r', 'ro'].map((suffix) => `${name}-${suffix}`)]),
        secrets: new Set(['app', 'superuser'].map((suffix) => `${name}-${suffix}`)),
      };
    }),
  ];
}

/**
 * The databases that a workload uses: those that its settings name as hosts, or whose claim it mounts; else those that take a Secret
 * which it takes too; else those of the same instance; and where nothing tells, as for a connection string in a Secret, every
 * database of its namespace, if it `mayGuess`: one more to look at costs less than one that is not looked at.
 */
export function databasesUsedBy(
  client: Workload,
  databases: readonly Database[],
  facts: ScopeFacts,
  mayGuess: boolean,
): readonly Database[] {
  if (databases.length === 0) return databases;
  const { hosts, claims } = namedHosts(client, facts.configMaps);
  const near = databases.filter(({ resource }) => sameNamespace(resource.object, client.resource.object));
  const secrets = secretsOf(client);
  const { 'app.kubernetes.io/instance': instance } = nameLabelsOf(client);
  const ways: readonly (() => readonly Database[])[] = [
    () =>
      databases.filter(
        (database) =>
          hosts.some((host) => leadsTo(host, client, database)) ||
          (near.includes(database) && claims.some((claim) => claim !== '' && claim === claimOf(database))),
      ),
    () => near.filter((database) => [...secrets].some((name) => database.secrets.has(name))),
    () =>
      near.filter(
        ({ workload }) =>
          instance !== undefined &&
          workload !== undefined &&
          nameLabelsOf(workload)['app.kubernetes.io/instance'] === instance,
      ),
    () => (mayGuess ? near : []),
  ];
  for (const way of ways) {
    const found = way();
    if (found.length > 0) return found;
  }
  return [];
}

/** A host without a namespace is one of the client's own. */
function leadsTo(host: string, client: Workload, { resource, hosts }: Database): boolean {
  if (!meansDatabase(host, hosts)) return false;
  const [first = '', second, third] = host.split('.');
  const told = hosts.has(first) || second === undefined || !hosts.has(second) ? second : third;
  const namespace = told === undefined || told === 'svc' ? client.resource.object.metadata?.namespace : told;
  return sameNamespace(resource.object, namespace === undefined ? {} : { metadata: { namespace } });
}

function claimOf({ workload }: Database): string | undefined {
  return workload?.spec.volumes?.find(({ persistentVolumeClaim }) => persistentVolumeClaim != null)
    ?.persistentVolumeClaim?.claimName;
}

function secretsOf(workload: Workload): ReadonlySet<string> {
  const pulling = new Set((workload.spec.imagePullSecrets ?? []).map(({ name }) => name));
  return new Set(
    referencesOf(workload)
      .filter(({ kind, name }) => kind === 'Secret' && name !== '' && !pulling.has(name))
      .map(({ name }) => name),
  );
}

/** The pods that CloudNativePG runs for a Cluster say so. */
export function isPodOf(pod: Resource, { resource }: Database): boolean {
  return (
    pod.object.metadata?.labels?.[CLUSTER_LABEL] === resource.object.metadata?.name &&
    sameNamespace(pod.object, resource.object)
  );
}
