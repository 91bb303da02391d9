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
  const everywhere = lookEverywhere(toldOf([...applications, ...others], view), view, settings);
  return new Map(applications.map((application) => [application, scopeOf(application, everywhere, view)]));
}

/** What takes a look at every application, and is looked up for each. */
interface Everywhere {
  /** The workloads that play a part. */
  readonly playing: ReadonlySet<Resource>;
  readonly databases: readonly Database[];
  /** The database that an object runs. */
  readonly run: ReadonlyMap<Resource, Database>;
  /** The workloads that back a database up, and that restore it to try. */
  readonly keepers: ReadonlyMap<Database, readonly Workload[]>;
  /** By the name of the Secret that they make. */
  readonly recipes: ReadonlyMap<string, readonly Resource[]>;
  /** The rules and dashboards that tell of the application of a workload. */
  readonly told: ReadonlyMap<Resource, readonly Resource[]>;
}

function lookEverywhere(
  told: ReadonlyMap<Application, readonly Resource[]>,
  { facts }: ScopeView,
  settings: Settings,
): Everywhere {
  const assignments = rolesOf(facts, settings);
  const databases = databasesIn(playing('database', assignments), facts);
  const kept = [...playing('backup', assignments), ...playing('restore-drill', assignments)].flatMap((keeper) =>
    databasesUsedBy(keeper, databases, facts, true).map((database) => ({ database, keeper })),
  );
  return {
    playing: new Set(assignments.map(({ workload: { resource } }) => resource)),
    databases,
    run: new Map(databases.map((database) => [database.resource, database])),
    keepers: new Map(
      [...Map.groupBy(kept, ({ database }) => database)].map(([database, pairs]) => [
        database,
        pairs.map(({ keeper }) => keeper),
      ]),
    ),
    recipes: Map.groupBy([...facts.externalSecrets, ...facts.sealedSecrets, ...facts.certificates], ({ object }) =>
      secretMadeBy(object),
    ),
    told: new Map(
      [...told].flatMap(([{ workloads }, resources]) =>
        workloads.map(({ resource }) => [resource, resources] as const),
      ),
    ),
  };
}

function scopeOf(
  application: Application,
  { playing: parts, databases: databasesInReach, run, keepers, recipes, told }: Everywhere,
  view: ScopeView,
): ReadonlySet<Resource> {
  const { facts } = view;
  const own = application.workloads.flatMap(({ resource }) => run.get(resource) ?? []);
  const databases = application.workloads
    .filter(({ resource }) => !run.has(resource))
    .flatMap((workload) => databasesUsedBy(workload, databasesInReach, facts, parts.has(workload.resource)));
  const used = [...new Set([...databases, ...own])];
  const workloads: readonly Workload[] = [
    ...application.workloads,
    ...used.flatMap(({ workload }) => workload ?? []),
    ...new Set(used.flatMap((database) => keepers.get(database) ?? [])),
  ];
  const found = new Set<Resource>([
    ...workloads.flatMap((workload) => aroundWorkload(workload, view)),
    ...carriersOf(application, view),
    ...workloads.flatMap(({ resource }) => told.get(resource) ?? []),
    ...used.flatMap((database) => ofDatabase(database, view)),
  ]);
  for (const resource of atTheEdge(found, view)) found.add(resource);
  for (const resource of recipesOf(found, workloads, recipes)) found.add(resource);
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
  recipes: Everywhere['recipes'],
): readonly Resource[] {
  if (recipes.size === 0) return [];
  const named = workloads.flatMap((workload) =>
    referencesOf(workload).map(({ kind, name }) => ({ kind, name, beside: workload.resource.object })),
  );
  const there = [...found].map(({ object }) => ({
    kind: object.kind,
    name: object.metadata?.name ?? '',
    beside: object,
  }));
  return [...named, ...there]
    .filter(({ kind }) => kind === 'Secret')
    .flatMap(({ name, beside }) => (recipes.get(name) ?? []).filter(({ object }) => sameNamespace(beside, object)));
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
