import type { Snapshot } from '../core/facts.ts';
import type { Probe } from '../core/objects.ts';
import type { ProbeSettings, Settings } from '../core/settings.ts';
import { playing, ROLE_FACTS, type RoleFacts, rolesOf } from '../kubernetes/roles.ts';
import { containersOf } from '../kubernetes/workload.ts';

/**
 * How the kubelet probes the service, from the first of these snapshots that shows its workload: what a running service answers is
 * then judged by its own probes. Nothing where several services declare theirs, for whose URL it is cannot be told.
 */
export function declaredProbes(snapshots: readonly Snapshot[], settings: Settings): Pick<Settings, 'declaredProbes'> {
  for (const { facts } of snapshots) {
    if (ROLE_FACTS.some((name) => facts[name]?.seen !== true)) continue;
    const seen = Object.fromEntries(
      ROLE_FACTS.map((name) => [name, (facts[name] as { readonly value: unknown }).value]),
    ) as unknown as RoleFacts;
    const services = playing('service', rolesOf(seen, settings));
    const [service] = services;
    if (service === undefined || services.length > 1) continue;
    const containers = containersOf(service)
      .filter(({ role }) => role === 'main')
      .map(({ container }) => container);
    const { ref } = service.resource;
    const liveness = told(containers.find(({ livenessProbe }) => livenessProbe != null)?.livenessProbe, ref);
    const readiness = told(containers.find(({ readinessProbe }) => readinessProbe != null)?.readinessProbe, ref);
    return {
      declaredProbes: {
        ...(liveness === undefined ? {} : { liveness }),
        ...(readiness === undefined ? {} : { readiness }),
      },
    };
  }
  return {};
}

/** With the defaults of Kubernetes: https://kubernetes.io/docs/concepts/workloads/pods/probes/ */
function told(probe: Probe | null | undefined, declaredBy: string): ProbeSettings | undefined {
  if (probe == null) return undefined;
  const { periodSeconds = 10, timeoutSeconds = 1, failureThreshold = 3 } = probe;
  return { periodSeconds, timeoutSeconds, failureThreshold, declaredBy };
}
