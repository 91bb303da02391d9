import type { Settings } from '../../core/settings.ts';
import { playing, type RoleFacts, rolesOf } from '../../kubernetes/roles.ts';
import { containersOf, type WorkloadContainer } from '../../kubernetes/workload.ts';

/** The containers whose probes decide over traffic: the main ones with ports, in each workload that a Service selects. */
export function servingContainers(facts: RoleFacts, settings: Settings): readonly WorkloadContainer[] {
  return playing('service', rolesOf(facts, settings)).flatMap(containersOf).filter(takesTraffic);
}

/** What a check says where there is no such container. */
export const NO_SERVING_CONTAINER = 'No workload takes traffic through a Service.';

/** The only container of a pod takes its traffic even where it declares no port: declaring ports is informational. */
function takesTraffic({ role, container, workload }: WorkloadContainer): boolean {
  return role === 'main' && ((container.ports ?? []).length > 0 || (workload.spec.containers ?? []).length === 1);
}
