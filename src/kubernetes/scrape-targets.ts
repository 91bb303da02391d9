import type { Facts } from '../core/facts.ts';
import type { MonitorEndpoint, ObjectMeta, Pod, Service } from '../core/objects.ts';
import type { Resource } from '../core/resource.ts';
import { endpointsOf, isAnnotated, selectsPod, selectsService } from './monitors.ts';
import { resolvePort, servicesBefore, targetOf } from './service-ports.ts';
import { containersOf, type Workload } from './workload.ts';

/** A page of metrics of one pod. */
export interface ScrapeTarget {
  /** The container that declares the port; the first of the pod where none does. */
  readonly container: string;
  readonly scheme: 'http' | 'https';
  readonly port: number;
  /** With its query. */
  readonly path: string;
  /** `ServiceMonitor prod/qna`, or the annotation that asks for it; undefined where it is only looked for. */
  readonly declaredBy: string | undefined;
  /** Prometheus sends credentials of its own there. */
  readonly withCredentials: boolean;
}

type ScrapeFacts = Pick<Facts, 'services' | 'serviceMonitors' | 'podMonitors'>;

/**
 * Where Prometheus would scrape a pod: by the monitors that select it, by the annotations of the pod and of its Services, and, where
 * nothing says so, at `usualPath` of the port that a probe asks over HTTP.
 */
export function scrapeTargetsOf(pod: Resource<Pod>, facts: ScrapeFacts, usualPath: string): readonly ScrapeTarget[] {
  const workload = asWorkload(pod);
  const services = servicesBefore(workload, facts.services);
  const declared = [
    ...byServiceMonitors(workload, services, facts),
    ...byPodMonitors(workload, facts),
    ...byAnnotations(workload, services),
  ];
  const targets = declared.length > 0 ? declared : guessed(workload, usualPath);
  return [...new Map(targets.toReversed().map((each) => [`${each.scheme} ${each.port} ${each.path}`, each])).values()];
}

/** A pod is what its template would say, with its own labels. */
function asWorkload(pod: Resource<Pod>): Workload {
  const { metadata, spec = {} } = pod.object;
  return {
    resource: pod,
    kind: 'Pod',
    name: metadata?.name ?? '',
    template: { ...(metadata === undefined ? {} : { metadata }), spec },
    spec,
    specPath: ['spec'],
    serves: true,
  };
}

function byServiceMonitors(
  workload: Workload,
  services: readonly Resource<Service>[],
  { serviceMonitors }: ScrapeFacts,
): readonly ScrapeTarget[] {
  return serviceMonitors.flatMap((monitor) =>
    services
      .filter((service) => selectsService(monitor, service))
      .flatMap(({ object }) =>
        endpointsOf(monitor).flatMap((endpoint) => {
          const named = (object.spec?.ports ?? []).find(({ name }) => name === endpoint.port);
          const port = endpoint.port === undefined ? endpoint.targetPort : named && targetOf(named);
          return targetAt(workload, port, endpoint, monitor.ref);
        }),
      ),
  );
}

function byPodMonitors(workload: Workload, { podMonitors }: ScrapeFacts): readonly ScrapeTarget[] {
  return podMonitors
    .filter((monitor) => selectsPod(monitor, workload))
    .flatMap((monitor) =>
      endpointsOf(monitor).flatMap((endpoint) =>
        targetAt(workload, endpoint.port ?? endpoint.targetPort, endpoint, monitor.ref),
      ),
    );
}

function byAnnotations(workload: Workload, services: readonly Resource<Service>[]): readonly ScrapeTarget[] {
  const declaredPort = containersOf(workload).flatMap(({ container }) => container.ports ?? [])[0]?.containerPort;
  return [
    ...annotated(workload, workload.template.metadata, declaredPort, 'prometheus.io/scrape'),
    ...services.flatMap(({ object, ref }) => {
      const [first] = object.spec?.ports ?? [];
      return annotated(workload, object.metadata, first && targetOf(first), `prometheus.io/scrape of ${ref}`);
    }),
  ];
}

function annotated(
  workload: Workload,
  metadata: ObjectMeta | undefined,
  usualPort: number | string | undefined,
  declaredBy: string,
): readonly ScrapeTarget[] {
  if (!isAnnotated(metadata)) return [];
  const { annotations = {} } = metadata ?? {};
  const [port, path, scheme] = ['port', 'path', 'scheme'].map((name) => annotations[`prometheus.io/${name}`]);
  const endpoint = { ...(path === undefined ? {} : { path }), ...(scheme === undefined ? {} : { scheme }) };
  return targetAt(workload, port ?? usualPort, endpoint, declaredBy);
}

function guessed(workload: Workload, path: string): readonly ScrapeTarget[] {
  return containersOf(workload).flatMap(({ container, role }) => {
    if (role === 'init') return [];
    const probe = [container.readinessProbe, container.livenessProbe].find((each) => each?.httpGet != null)?.httpGet;
    const scheme = (probe?.scheme ?? 'http').toLowerCase();
    return probe === undefined ? [] : targetAt(workload, probe.port, { path, scheme }, undefined);
  });
}

function targetAt(
  workload: Workload,
  port: number | string | undefined,
  endpoint: MonitorEndpoint,
  declaredBy: string | undefined,
): readonly ScrapeTarget[] {
  const { number, container } = resolvePort(port, workload);
  if (number === undefined || !(number > 0)) return [];
  const { path = '/metrics', scheme = 'http', params = {} } = endpoint;
  const query = new URLSearchParams(
    Object.entries(params).flatMap(([name, values]) => values.map((value): [string, string] => [name, value])),
  ).toString();
  return [
    {
      container: container?.container.name ?? workload.spec.containers?.[0]?.name ?? '',
      scheme: scheme.toLowerCase() === 'https' ? 'https' : 'http',
      port: number,
      path: `${path.startsWith('/') ? '' : '/'}${path}${query === '' ? '' : `?${query}`}`,
      declaredBy,
      withCredentials: [endpoint.authorization, endpoint.basicAuth, endpoint.oauth2, endpoint.bearerTokenSecret].some(
        (each) => each != null,
      ),
    },
  ];
}
