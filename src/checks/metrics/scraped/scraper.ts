import type { Facts } from '../../../core/facts.ts';
import type { Monitor, ObjectMeta, Service } from '../../../core/objects.ts';
import type { Resource } from '../../../core/resource.ts';
import { matchesSelector, sameNamespace } from '../../../kubernetes/label-selector.ts';
import { resolvePort } from '../../../kubernetes/service-ports.ts';
import type { Workload } from '../../../kubernetes/workload.ts';

type ScrapeFacts = Pick<Facts, 'serviceMonitors' | 'podMonitors'>;

export function scraperOf(
  workload: Workload,
  services: readonly Resource<Service>[],
  facts: ScrapeFacts,
): string | undefined {
  const byService = facts.serviceMonitors.find((monitor) =>
    services.some((service) => selectsService(monitor, service) && namesPort(monitor, service, workload)),
  );
  const byPod = facts.podMonitors.find((monitor) => selectsPod(monitor, workload) && namesPodPort(monitor, workload));
  const annotated = [workload.template.metadata, ...services.map(({ object }) => object.metadata)].some(isAnnotated);
  return byService?.ref ?? byPod?.ref ?? (annotated ? 'prometheus.io/scrape true' : undefined);
}

export function nearMiss(workload: Workload, services: readonly Resource<Service>[], facts: ScrapeFacts) {
  const wrongPort =
    facts.serviceMonitors.find((monitor) => services.some((service) => selectsService(monitor, service))) ??
    facts.podMonitors.find((monitor) => selectsPod(monitor, workload));
  if (wrongPort !== undefined)
    return {
      message: `${wrongPort.ref} selects the service, and none of its endpoints names a port of it.`,
      where: wrongPort.locate(['spec', isPodMonitor(wrongPort) ? 'podMetricsEndpoints' : 'endpoints']),
      observed: `ports ${
        endpointsOf(wrongPort)
          .map(({ port, targetPort }) => port ?? targetPort ?? 'not said')
          .join(', ') || 'none'
      }`,
    };
  const [stray] = [...facts.serviceMonitors, ...facts.podMonitors];
  return (
    stray && {
      message: `${stray.ref} selects nothing of the service.`,
      where: stray.locate(['spec', 'selector']),
      observed: `selector ${JSON.stringify(stray.object.spec?.selector ?? {})}`,
    }
  );
}

/** Without a namespaceSelector a monitor looks at its own namespace only. */
function looksAt(monitor: Monitor, target: { readonly metadata?: ObjectMeta }): boolean {
  const { any, matchNames } = monitor.spec?.namespaceSelector ?? {};
  if (any === true) return true;
  if ((matchNames ?? []).length === 0) return sameNamespace(monitor, target);
  const namespace = target.metadata?.namespace;
  return namespace === undefined || (matchNames ?? []).includes(namespace);
}

function selectsService({ object }: Resource<Monitor>, service: Resource<Service>): boolean {
  return looksAt(object, service.object) && matchesSelector(object.spec?.selector, service.object.metadata?.labels);
}

function selectsPod({ object }: Resource<Monitor>, workload: Workload): boolean {
  return (
    looksAt(object, workload.resource.object) &&
    matchesSelector(object.spec?.selector, workload.template.metadata?.labels)
  );
}

function namesPort(monitor: Resource<Monitor>, { object }: Resource<Service>, workload: Workload): boolean {
  const names = (object.spec?.ports ?? []).flatMap(({ name }) => name ?? []);
  return endpointsOf(monitor).some(({ port, targetPort }) =>
    port === undefined ? resolvePort(targetPort, workload).container !== undefined : names.includes(port),
  );
}

function namesPodPort(monitor: Resource<Monitor>, workload: Workload): boolean {
  return endpointsOf(monitor).some(
    ({ port, targetPort }) => resolvePort(port ?? targetPort, workload).container !== undefined,
  );
}

function endpointsOf(monitor: Resource<Monitor>) {
  return (isPodMonitor(monitor) ? monitor.object.spec?.podMetricsEndpoints : monitor.object.spec?.endpoints) ?? [];
}

function isPodMonitor({ object }: Resource<Monitor>): boolean {
  return object.kind === 'PodMonitor';
}

function isAnnotated(metadata: ObjectMeta | undefined): boolean {
  return metadata?.annotations?.['prometheus.io/scrape'] === 'true';
}
