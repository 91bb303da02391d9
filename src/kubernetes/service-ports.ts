import type { Service, ServicePort } from '../core/objects.ts';
import type { Resource } from '../core/resource.ts';
import { matchesServiceSelector, sameNamespace } from './label-selector.ts';
import { memoizeByArray } from './memoize.ts';
import { workloadsNear } from './near.ts';
import { servicesInFrontOf } from './services-in-front.ts';
import { containersOf, type Workload, type WorkloadContainer } from './workload.ts';

/** The workloads whose pods a Service selects. A Service without a selector selects none. */
export function workloadsBehind(service: Service, workloads: readonly Workload[]): readonly Workload[] {
  const pairs = Object.entries(service.spec?.selector ?? {});
  if (service.spec?.type === 'ExternalName' || pairs.length === 0) return [];
  const index = labelIndexOf(workloadsNear(workloads, service));
  const buckets = pairs.map(([key, value]) => index.get(`${key}=${value}`) ?? []);
  // Every pair must match, so the workloads of the rarest pair are enough to look at.
  const rarest = buckets.reduce((best, bucket) => (bucket.length < best.length ? bucket : best));
  return rarest.filter(
    ({ resource, template }) =>
      sameNamespace(service, resource.object) &&
      matchesServiceSelector(service.spec?.selector, template.metadata?.labels),
  );
}

/** The Services whose traffic reaches a workload's pods. */
export function servicesBefore(
  workload: Workload,
  services: readonly Resource<Service>[],
): readonly Resource<Service>[] {
  return servicesInFrontOf(workload, services).filter(({ object }) => object.spec?.type !== 'ExternalName');
}

const labelIndexOf = memoizeByArray((workloads: readonly Workload[]): ReadonlyMap<string, readonly Workload[]> => {
  const index = new Map<string, Workload[]>();
  for (const workload of workloads)
    for (const [key, value] of Object.entries(workload.template.metadata?.labels ?? {})) {
      const pair = `${key}=${value}`;
      const known = index.get(pair);
      if (known === undefined) index.set(pair, [workload]);
      else known.push(workload);
    }
  return index;
});

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
