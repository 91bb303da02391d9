import type { Facts, Snapshot } from '../core/facts.ts';
import type { ReportRole } from '../core/report.ts';
import type { Settings } from '../core/settings.ts';
import { ROLE_FACTS, rolesOf } from '../kubernetes/roles.ts';

/** The roles that were found, so that a person can see what the verdicts are about. Empty where objects could not be seen. */
export function describeRoles(snapshot: Snapshot, settings: Settings): readonly ReportRole[] {
  const facts: Partial<Record<keyof Facts, unknown>> = {};
  for (const name of ROLE_FACTS) {
    const observed = snapshot.facts[name];
    if (observed?.seen !== true) return [];
    facts[name] = observed.value;
  }
  return rolesOf(facts as Facts, settings).map(({ role, workload, why }) => ({
    source: snapshot.source,
    role,
    subject: workload.resource.ref,
    why,
  }));
}
