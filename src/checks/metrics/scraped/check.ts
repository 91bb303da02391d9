import type { Verdict } from '../../../core/check.ts';
import { defineCheck } from '../../../core/check.ts';
import type { Facts } from '../../../core/facts.ts';
import type { Monitor, ObjectMeta, Service } from '../../../core/objects.ts';
import type { Resource } from '../../../core/resource.ts';
import { matchesSelector, sameNamespace } from '../../../kubernetes/label-selector.ts';
import { playing, ROLE_FACTS, rolesOf } from '../../../kubernetes/roles.ts';
import { resolvePort, servicesBefore } from '../../../kubernetes/service-ports.ts';
import type { Workload } from '../../../kubernetes/workload.ts';
import { orNotApplicable } from '../../verdicts.ts';

const NEEDS = [...ROLE_FACTS, 'serviceMonitors', 'podMonitors'] as const;
type ScrapeFacts = Pick<Facts, (typeof NEEDS)[number]>;

export const scrapedCheck = defineCheck({
  id: 'metrics/scraped',
  title: 'Something scrapes the metrics of each service',
  severity: 'warning',
  why: 'A metrics endpoint that nobody reads is a log that nobody keeps. A monitor whose selector or port name misses by one letter reports nothing, and no error either.',
  how: 'A ServiceMonitor selects a Service of the workload by the labels of the Service, in a namespace that it looks at, and one of its endpoints names a port of that Service; or a PodMonitor selects the labels of the pods and names a container port; or prometheus.io/scrape is "true" on the pod template or on the Service.',
  fix: 'Write a ServiceMonitor with the labels of the Service, and with the name of its port.',
  verify: 'Look for the target in Prometheus under Status, Targets.',
  references: [
    'https://prometheus-operator.dev/docs/developer/getting-started/',
    'https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.ServiceMonitor',
  ],
  needs: NEEDS,
  evaluate: (facts, settings) =>
    orNotApplicable(
      playing('service', rolesOf(facts, settings)).map((workload): Verdict => {
        const { ref: subject, locate } = workload.resource;
        const services = servicesBefore(workload, facts.services);
        const scraper = scraperOf(workload, services, facts);
        if (scraper !== undefined)
          return {
            outcome: 'pass',
            subject,
            message: 'Something scrapes the service.',
            where: locate([]),
            observed: scraper,
          };
        const near = nearMiss(workload, services, facts);
        return {
          outcome: 'fail',
          subject,
          message: near?.message ?? 'Nothing scrapes the metrics of the service.',
          where: near?.where ?? locate(['spec', 'template', 'metadata', 'annotations']),
          observed: near?.observed ?? 'no ServiceMonitor, no PodMonitor and no prometheus.io/scrape',
          expected: 'a monitor that selects the service and names its port',
        };
      }),
      'No workload takes traffic through a Service.',
    ),
});

function scraperOf(workload: Workload, services: readonly Resource<Service>[], facts: ScrapeFacts): string | undefined {
  const byService = facts.serviceMonitors.find((monitor) =>
    services.some((service) => selectsService(monitor, service) && namesPort(monitor, service, workload)),
  );
  const byPod = facts.podMonitors.find((monitor) => selectsPod(monitor, workload) && namesPodPort(monitor, workload));
  const annotated = [workload.template.metadata, ...services.map(({ object }) => object.metadata)].some(isAnnotated);
  return byService?.ref ?? byPod?.ref ?? (annotated ? 'prometheus.io/scrape true' : undefined);
}

function nearMiss(workload: Workload, services: readonly Resource<Service>[], facts: ScrapeFacts) {
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
