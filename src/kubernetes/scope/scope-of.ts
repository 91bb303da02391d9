import type { Certificate, HTTPRoute, Ingress, SecretRecipe } from '../../core/objects.ts';
import type { Resource } from '../../core/resource.ts';
import type { Settings } from '../../core/settings.ts';
import { asBackupSchedules } from '../database-cluster.ts';
import { ruleHostsOf } from '../edge.ts';
import { sameNamespace } from '../label-selector.ts';
import { referencesOf } from '../references/settings.ts';
import { playing, rolesOf } from '../roles.ts';
import { type Workload, workloadsOf } from '../workload.ts';
import { type Application, applicationsOf } from './applications.ts';
import { aroundWorkload } from './around-workload.ts';
import { atTheEdge } from './at-the-edge.ts';
import { carriersOf, toldOf } from './by-its-words.ts';
import { type Database, databasesIn, databasesUsedBy, isPodOf } from './databases-used.ts';
import type { ScopeView } from './scope-facts.ts';

/**
 * The scope of an application: its workloads, and over the references between objects all that they need to be ready. These are
 * the objects around each workload, the routes that lead to its Services with their classes and certificates, what is labelled or
 * named like it, the databases that it uses with their own surroundings, the backups of those and their drills, the recipes of its Secrets, what
 * it owns, and the rules and dashboards that tell of it. A Service that selects two applications is in both scopes; it does not
 * draw one into the other.
 */
export function scopesOf(
  applications: readonly Application[],
  view: ScopeView,
  settings: Settings,
): ReadonlyMap<Application, ReadonlySet<Resource>> {
  const chosen = new Set(applications.flatMap(({ workloads }) => workloads.map(({ resource }) => resource)));
  const others = applicationsOf(workloadsOf(view.facts).filter(({ resource }) => !chosen.has(resource)));
  const told = toldOf([...applications, ...others], view);
  return new Map(applications.map((application) => [application, scopeOf(application, told, view, settings)]));
}

function scopeOf(
  application: Application,
  told: ReadonlyMap<Application, readonly Resource[]>,
  view: ScopeView,
  settings: Settings,
): ReadonlySet<Resource> {
  const { facts } = view;
  const assignments = rolesOf(facts, settings);
  const known = databasesIn(playing('database', assignments), facts);
  const own = known.filter(({ resource }) => application.workloads.some((workload) => workload.resource === resource));
  const databases = application.workloads
    .filter(({ resource }) => !own.some((database) => database.resource === resource))
    .flatMap((workload) => {
      const plays = assignments.some(({ workload: { resource } }) => resource === workload.resource);
      return databasesUsedBy(workload, known, facts, plays);
    });
  const used = [...new Set([...databases, ...own])];
  const keepers = [...playing('backup', assignments), ...playing('restore-drill', assignments)].filter((keeper) =>
    databasesUsedBy(keeper, known, facts, true).some((database) => used.includes(database)),
  );
  const workloads: readonly Workload[] = [
    ...application.workloads,
    ...used.flatMap(({ workload }) => workload ?? []),
    ...keepers,
  ];
  const running = new Set(workloads.map(({ resource }) => resource));
  const found = new Set<Resource>([
    ...workloads.flatMap((workload) => aroundWorkload(workload, view)),
    ...carriersOf(application, view),
    ...[...told].flatMap(([{ workloads: theirs }, resources]) =>
      theirs.some(({ resource }) => running.has(resource)) ? resources : [],
    ),
    ...used.flatMap((database) => ofDatabase(database, view)),
  ]);
  for (const resource of atTheEdge(found, view)) found.add(resource);
  for (const resource of recipesOf(found, workloads, view)) found.add(resource);
  // A set hands out what is added while it is walked, so owners of owners are followed too.
  for (const resource of found) for (const owned of view.ownedBy(resource)) found.add(owned);
  return found;
}

/** A Cluster with its pods, and the schedules that back a database up. */
function ofDatabase(database: Database, { facts }: ScopeView): readonly Resource[] {
  const { resource, workload } = database;
  const { name, namespace } = resource.object.metadata ?? {};
  return [
    resource,
    ...(workload === undefined ? facts.pods.filter((pod) => isPodOf(pod, database)) : []),
    ...asBackupSchedules(facts.backupSchedules).filter(({ object }) => {
      const { cluster, template } = object.spec ?? {};
      if (object.kind !== 'Schedule') return cluster?.name === name && sameNamespace(object, resource.object);
      const included = template?.includedNamespaces ?? ['*'];
      return included.includes('*') || (namespace !== undefined && included.includes(namespace));
    }),
  ];
}

/** The recipes by which operators fill the Secrets that the scope names, whether these are there yet or not. */
function recipesOf(
  found: ReadonlySet<Resource>,
  workloads: readonly Workload[],
  { facts }: ScopeView,
): readonly Resource[] {
  const named = workloads.flatMap((workload) =>
    referencesOf(workload).map(({ kind, name }) => ({ kind, name, beside: workload.resource.object })),
  );
  const there = [...found].map(({ object }) => ({
    kind: object.kind,
    name: object.metadata?.name ?? '',
    beside: object,
  }));
  const wanted = Map.groupBy(
    [...named, ...there].filter(({ kind }) => kind === 'Secret'),
    ({ name }) => name,
  );
  return [...facts.externalSecrets, ...facts.sealedSecrets, ...facts.certificates].filter(({ object }) =>
    (wanted.get(secretMadeBy(object)) ?? []).some(({ beside }) => sameNamespace(beside, object)),
  );
}

function secretMadeBy({ metadata, spec }: SecretRecipe & Certificate): string {
  return spec?.secretName ?? spec?.target?.name ?? spec?.template?.metadata?.name ?? metadata?.name ?? '';
}

/** The hosts that the routes of a scope answer to. */
export function hostsOf(scope: ReadonlySet<Resource>): ReadonlySet<string> {
  return new Set(
    [...scope].flatMap(({ object }): readonly string[] => {
      if (object.kind === 'Ingress') return ruleHostsOf(object as Ingress).map(({ host }) => host);
      return object.kind === 'HTTPRoute' ? ((object as HTTPRoute).spec?.hostnames ?? []) : [];
    }),
  );
}
