import type { FactName, Facts, Snapshot } from '../core/facts.ts';
import type { ReportRole } from '../core/report.ts';
import type { Settings } from '../core/settings.ts';
import { sameNamespace } from '../kubernetes/label-selector.ts';
import { linksOf } from '../kubernetes/references/backends.ts';
import { playing, ROLE_FACTS, type RoleFacts, rolesOf } from '../kubernetes/roles.ts';
import { servicesBefore } from '../kubernetes/service-ports.ts';
import type { Attribution } from './applications.ts';

const EDGE_FACTS = ['ingresses', 'httpRoutes'] as const;

/**
 * The roles that were found, so that a person can see what the verdicts are about; of chosen applications only those in their
 * scope. Empty where objects could not be seen.
 */
export function describeRoles(
  snapshot: Snapshot,
  settings: Settings,
  attribution?: Pick<Attribution, 'applications' | 'chosen'>,
): readonly ReportRole[] {
  const facts = seen(snapshot, ROLE_FACTS) as RoleFacts | undefined;
  if (facts === undefined) return [];
  const edges = seen(snapshot, EDGE_FACTS) as Pick<Facts, (typeof EDGE_FACTS)[number]> | undefined;
  const assignments = rolesOf(facts, settings);
  const fronts = Map.groupBy(
    playing('service', assignments).flatMap((workload) => servicesBefore(workload, facts.services)),
    ({ object }) => object.metadata?.name,
  );
  const routes = (edges === undefined ? [] : linksOf(edges)).flatMap(({ resource, name, namespace }) => {
    const beside = namespace === undefined ? {} : { metadata: { namespace } };
    const front = fronts.get(name)?.find(({ object }) => sameNamespace(object, beside));
    return front === undefined ? [] : [{ role: 'ingress', subject: resource.ref, why: `it leads to ${front.ref}` }];
  });
  const found = [
    ...assignments.map(({ role, workload, why }) => ({ role, subject: workload.resource.ref, why })),
    ...new Map(routes.map((route) => [route.subject, route])).values(),
  ];
  const inScope = new Set(
    (attribution?.applications ?? []).flatMap(({ parts }) => [...(parts.get(snapshot) ?? [])].map(({ ref }) => ref)),
  );
  return found
    .filter(({ subject }) => attribution?.chosen !== true || inScope.has(subject))
    .map((role) => ({ source: snapshot.source, ...role }));
}

/** The facts of these names; undefined where one of them was not seen. */
function seen({ facts }: Snapshot, names: readonly FactName[]): object | undefined {
  const values: Partial<Record<FactName, unknown>> = {};
  for (const name of names) {
    const observed = facts[name];
    if (observed?.seen !== true) return undefined;
    values[name] = observed.value;
  }
  return values;
}
