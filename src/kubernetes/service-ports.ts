import type { Service, ServicePort } from '../core/objects.ts';
import { matchesServiceSelector, sameNamespace } from './label-selector.ts';
import { containersOf, type Workload, type WorkloadContainer } from './workload.ts';

/** The workloads whose pods a Service selects. A Service without a selector selects none. */
export function workloadsBehind(service: Service, workloads: readonly Workload[]): readonly Workload[] {
  if (service.spec?.type === 'ExternalName') return [];
  return workloads.filter(
    ({ resource, template }) =>
      sameNamespace(service, resource.object) &&
      matchesServiceSelector(service.spec?.selector, template.metadata?.labels),
  );
}

/** The ports of a Service that a backend means by a name or a number. */
export function portOf(
  service: Service,
  wanted: { readonly name?: string; readonly number?: number },
): ServicePort | undefined {
  return (service.spec?.ports ?? []).find(({ name, port }) =>
    wanted.name === undefined ? port === wanted.number : name === wanted.name,
  );
}

export interface ResolvedPort {
  /** Undefined for a name that no container declares. */
  readonly number: number | undefined;
  /** The container that declares it. */
  readonly container: WorkloadContainer | undefined;
}

/** Where a name or number leads in a pod: names are resolved through declared ports, of the same protocol. */
export function resolvePort(target: number | string | undefined, workload: Workload, protocol = 'TCP'): ResolvedPort {
  const serving = containersOf(workload).filter(({ role }) => role !== 'init');
  const named = typeof target === 'string' && !/^\d+$/.test(target);
  const container = serving.find(({ container: { ports } }) =>
    (ports ?? []).some(
      (port) =>
        (port.protocol ?? 'TCP') === protocol && (named ? port.name === target : port.containerPort === Number(target)),
    ),
  );
  if (!named) return { number: target === undefined ? undefined : Number(target), container };
  const port = container?.container.ports?.find(({ name }) => name === target);
  return { number: port?.containerPort, container };
}

/** `targetPort`, which is `port` where it is not written. */
export function targetOf(port: ServicePort): number | string | undefined {
  return port.targetPort === undefined || port.targetPort === 0 ? port.port : port.targetPort;
}
