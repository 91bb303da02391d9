import type { Facts } from '../core/facts.ts';
import type { Service } from '../core/objects.ts';
import type { Resource } from '../core/resource.ts';
import type { RoleSettings } from '../core/settings.ts';
import { imageBaseName } from './image-reference.ts';
import { sameNamespace } from './label-selector.ts';
import { resourcesNear } from './near.ts';
import { servicesInFrontOf } from './services-in-front.ts';
import { containersOf, WORKLOAD_FACTS, type Workload, workloadsOf } from './workload.ts';

/** The facts that tell who plays which part. */
export const ROLE_FACTS = [...WORKLOAD_FACTS, 'services'] as const;
export type RoleFacts = Pick<Facts, (typeof ROLE_FACTS)[number]>;

export type Role = 'service' | 'database' | 'backup' | 'restore-drill';

export interface RoleAssignment {
  readonly role: Role;
  readonly workload: Workload;
  /** Why it was thought to be so, as half a sentence. */
  readonly why: string;
}

const DATABASE_IMAGES =
  /^(?:postgres|postgresql|postgis|pgvector|timescaledb(?:-ha)?|spilo(?:-\d+)?|mysql|mariadb|percona-server)$/;
const DATABASE_PORTS = new Map([
  [5432, 'PostgreSQL'],
  [3306, 'MySQL'],
]);
const BACKUP_TOOLS = /\b(?:pg_dump|pg_dumpall|pg_basebackup|pgbackrest|wal-g|barman|mysqldump|restic)\b/;

/** Finds the part that each workload plays; the settings overrule detection by name. */
export function rolesOf(facts: RoleFacts, settings: { readonly roles: RoleSettings }): readonly RoleAssignment[] {
  const known = KEPT.get(facts.services);
  if (known?.roles === settings.roles) return known.assignments;
  const assignments = workloadsOf(facts).flatMap((workload) => {
    if (settings.roles.none?.includes(workload.name)) return [];
    const found = declared(workload, settings.roles) ?? (workload.serves ? serving(workload, facts) : batch(workload));
    return found === undefined ? [] : [{ ...found, workload }];
  });
  KEPT.set(facts.services, { roles: settings.roles, assignments });
  return assignments;
}

/** Facts are the same arrays in every check of a run, and most checks begin with the roles. */
const KEPT = new WeakMap<
  RoleFacts['services'],
  { readonly roles: RoleSettings; readonly assignments: readonly RoleAssignment[] }
>();

export function playing(role: Role, assignments: readonly RoleAssignment[]): readonly Workload[] {
  return assignments.filter((assignment) => assignment.role === role).map(({ workload }) => workload);
}

type Found = Pick<RoleAssignment, 'role' | 'why'> | undefined;

function declared({ name }: Workload, roles: RoleSettings): Found {
  const role = (['service', 'database', 'backup', 'restore-drill'] as const).find((candidate) =>
    roles[candidate]?.includes(name),
  );
  return role === undefined ? undefined : { role, why: 'the configuration says so' };
}

function serving(workload: Workload, facts: RoleFacts): Found {
  for (const { container, role } of containersOf(workload)) {
    if (role !== 'main') continue;
    const image = imageBaseName(container.image);
    if (image !== undefined && DATABASE_IMAGES.test(image)) return { role: 'database', why: `its image is ${image}` };
    const product = (container.ports ?? [])
      .map(({ containerPort }) => DATABASE_PORTS.get(containerPort ?? 0))
      .find(Boolean);
    if (product !== undefined && !/exporter|bouncer|pool|proxy/.test(image ?? ''))
      return { role: 'database', why: `it listens on ${product}'s port` };
  }
  const front = servicesInFrontOf(workload, facts.services)[0];
  if (front !== undefined) return { role: 'service', why: `${front.ref} selects it` };
  const near = serviceMeantFor(workload, facts);
  return near === undefined
    ? undefined
    : { role: 'service', why: `${near.ref} was meant to select it, and selects nothing` };
}

/**
 * A Service that selects no workload, and shares a label or the name with this one: a selector that misses must not hide the
 * service from every other question.
 */
export function serviceMeantFor(
  { name, resource, template }: Workload,
  facts: RoleFacts,
): Resource<Service> | undefined {
  const labels = Object.entries(template.metadata?.labels ?? {});
  return resourcesNear(missing(facts.services, workloadsOf(facts)), resource.object).find(
    ({ object }) =>
      sameNamespace(object, resource.object) &&
      (object.metadata?.name === name || labels.some(([key, value]) => object.spec?.selector?.[key] === value)),
  );
}

function missing(services: RoleFacts['services'], workloads: readonly Workload[]): RoleFacts['services'] {
  const known = MISSING.get(services);
  if (known !== undefined) return known;
  const selecting = new Set(workloads.flatMap((workload) => servicesInFrontOf(workload, services)));
  const found = services.filter(
    (service) =>
      !selecting.has(service) &&
      service.object.spec?.type !== 'ExternalName' &&
      Object.keys(service.object.spec?.selector ?? {}).length > 0,
  );
  MISSING.set(services, found);
  return found;
}

const MISSING = new WeakMap<RoleFacts['services'], RoleFacts['services']>();

function batch(workload: Workload): Found {
  const words = containersOf(workload)
    .flatMap(({ container }) => [...(container.command ?? []), ...(container.args ?? [])])
    .join(' ');
  const tool = BACKUP_TOOLS.exec(words)?.[0];
  if (tool !== undefined) return { role: 'backup', why: `it runs ${tool}` };
  if (/\bpg_restore\b|\bpsql\b/.test(words) && /restore|drill|verify/.test(workload.name))
    return { role: 'restore-drill', why: 'it restores a backup, and its name says so' };
  if (/backup|dump/.test(workload.name)) return { role: 'backup', why: 'its name says so' };
  return undefined;
}
