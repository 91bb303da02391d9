import type { Facts } from '../../../core/facts.ts';
import type { Monitor, Service } from '../../../core/objects.ts';
import type { Resource } from '../../../core/resource.ts';
import { endpointsOf, isAnnotated, isPodMonitor, selectsPod, selectsService } from '../../../kubernetes/monitors.ts';
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
