import type { Facts } from '../../core/facts.ts';
import type { Resource } from '../../core/resource.ts';
import { applicationsOf } from '../../kubernetes/scope/applications.ts';
import { toldOf } from '../../kubernetes/scope/by-its-words.ts';
import type { Workload } from '../../kubernetes/workload.ts';

/**
 * The services that none of these rules or dashboards tells of, where there are several: what names one of them says nothing of
 * the others, and what names none is about all of its namespace.
 */
export function servicesUntold(
  services: readonly Workload[],
  telling: ReadonlySet<Resource>,
  facts: Pick<Facts, 'prometheusRules' | 'configMaps'>,
): readonly Workload[] {
  const applications = applicationsOf(services);
  if (applications.length < 2) return [];
  const told = toldOf(applications, { facts });
  return applications
    .filter((application) => !(told.get(application) ?? []).some((resource) => telling.has(resource)))
    .flatMap(({ workloads }) => workloads);
}
