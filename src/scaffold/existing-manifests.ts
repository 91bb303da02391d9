import type { KubernetesObject } from '../core/objects.ts';
import { refOf } from '../core/resource.ts';
import { matchesServiceSelector } from '../kubernetes/label-selector.ts';
import type { GivenAnswers } from './answers.ts';

export type Labels = Readonly<Record<string, string>>;

/** A part that an object plays, as a report tells it: `service` and `Deployment team/answers`. */
export interface FoundRole {
  readonly role: string;
  readonly subject: string;
}

/** What manifests that are there already say about the answers. The first that says something is believed. */
export function answersIn(manifests: readonly KubernetesObject[]): GivenAnswers {
  const ofKind = (kind: string) => manifests.filter((object) => object.kind === kind);
  const service = serviceIn(manifests);
  const of = (path: readonly (string | number)[]) => at(service, path);
  const first = (...paths: readonly (readonly [kind: string, path: readonly (string | number)[]])[]) =>
    paths
      .flatMap(([kind, path]) => ofKind(kind).map((object) => at(object, path)))
      .find((value) => value !== undefined);
  const container = ['spec', 'template', 'spec', 'containers', 0] as const;
  const found = {
    name: of(['metadata', 'name']),
    namespace:
      of(['metadata', 'namespace']) ??
      first(['Namespace', ['metadata', 'name']]) ??
      onlyOne(ofKind('Kustomization'), ['namespace']),
    image: of([...container, 'image']),
    port: of([...container, 'ports', 0, 'containerPort']),
    replicas: of(['spec', 'replicas']) ?? first(['HorizontalPodAutoscaler', ['spec', 'minReplicas']]),
    autoscaling: ofKind('HorizontalPodAutoscaler').length > 0 ? 'cpu' : undefined,
    maxReplicas: first(['HorizontalPodAutoscaler', ['spec', 'maxReplicas']]),
    host: first(['Ingress', ['spec', 'rules', 0, 'host']], ['HTTPRoute', ['spec', 'hostnames', 0]]),
    ingressClass: first(['Ingress', ['spec', 'ingressClassName']]),
    gatewayClass: first(['Gateway', ['spec', 'gatewayClassName']]),
    exposure: ofKind('Ingress').length === 0 && ofKind('Gateway').length > 0 ? 'gateway' : undefined,
    tlsSecret: first(['Ingress', ['spec', 'tls', 0, 'secretName']]),
    clusterIssuer: ofKind('Certificate')
      .filter((object) => at(object, ['spec', 'issuerRef', 'kind']) === 'ClusterIssuer')
      .map((object) => at(object, ['spec', 'issuerRef', 'name']))[0],
    storageClass: first(['PersistentVolumeClaim', ['spec', 'storageClassName']]),
    storageSize: first(['PersistentVolumeClaim', ['spec', 'resources', 'requests', 'storage']]),
    database: ofKind('Cluster').length > 0 ? 'cnpg' : undefined,
    monitoring: ofKind('ServiceMonitor').length + ofKind('PodMonitor').length > 0 ? 'operator' : undefined,
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}

/** The Deployment that people reach: behind an Ingress or a route, else behind a Service, else the first there is. */
function serviceIn(manifests: readonly KubernetesObject[]): KubernetesObject | undefined {
  const deployments = manifests.filter(({ kind }) => kind === 'Deployment');
  const services = manifests.filter(({ kind }) => kind === 'Service');
  const atTheEdge = new Set(manifests.flatMap(backendNames));
  const isBehind = (deployment: KubernetesObject, candidates: readonly KubernetesObject[]) => {
    const labels = at(deployment, ['spec', 'template', 'metadata', 'labels']) as Labels | undefined;
    return candidates.some((service) => matchesServiceSelector(at(service, ['spec', 'selector']) as Labels, labels));
  };
  return (
    deployments.find((deployment) =>
      isBehind(
        deployment,
        services.filter(({ metadata }) => atTheEdge.has(metadata?.name)),
      ),
    ) ??
    deployments.find((deployment) => isBehind(deployment, services)) ??
    deployments[0]
  );
}

function backendNames(object: KubernetesObject): readonly unknown[] {
  const rules = listAt(object, ['spec', 'rules']);
  if (object.kind === 'HTTPRoute')
    return rules.flatMap((rule) => listAt(rule, ['backendRefs']).map((backend) => at(backend, ['name'])));
  if (object.kind !== 'Ingress') return [];
  const paths = rules.flatMap((rule) => listAt(rule, ['http', 'paths']));
  return paths.map((path) => at(path, ['backend', 'service', 'name']));
}

/** By which labels and ports the objects that are there can be chosen. */
export interface FoundLabels {
  readonly service?: Labels;
  /** Set where one database could be meant, and no other. */
  readonly database?: Labels;
  /** Of a Service that selects the service, and has labels and a port with a name. */
  readonly front?: { readonly labels: Labels; readonly port: string };
}

/** Where two objects could be meant, and choose by other labels, there are none: a selector would be a guess. */
export function labelsIn(
  manifests: readonly KubernetesObject[],
  roles: readonly FoundRole[],
  name: string,
): FoundLabels {
  const labelsOf = (objects: readonly KubernetesObject[]) =>
    onlyOne(objects, ['spec', 'selector', 'matchLabels']) as Labels | undefined;
  const databases = new Set(roles.filter(({ role }) => role === 'database').map(({ subject }) => subject));
  const service = labelsOf(manifests.filter(({ kind, metadata }) => kind === 'Deployment' && metadata?.name === name));
  const database = labelsOf(manifests.filter((object) => databases.has(refOf(object))));
  const front = manifests
    .filter(
      (object) =>
        object.kind === 'Service' && matchesServiceSelector(at(object, ['spec', 'selector']) as Labels, service),
    )
    .map((object) => ({ labels: object.metadata?.labels, port: at(object, ['spec', 'ports', 0, 'name']) }))
    .find(
      (found): found is Required<FoundLabels>['front'] => found.labels !== undefined && typeof found.port === 'string',
    );
  return {
    ...(service === undefined ? {} : { service }),
    ...(database === undefined ? {} : { database }),
    ...(front === undefined ? {} : { front }),
  };
}

/** What every object says that says anything there; undefined where two say another thing. */
function onlyOne(objects: readonly KubernetesObject[], path: readonly string[]): unknown {
  const values = objects.map((object) => at(object, path)).filter((value) => value !== undefined);
  return new Set(values.map((value) => JSON.stringify(value))).size === 1 ? values[0] : undefined;
}

function listAt(object: unknown, path: readonly string[]): readonly unknown[] {
  const list = at(object, path);
  return Array.isArray(list) ? list : [];
}

/** Anything can be missing in the manifests of somebody else, or be something else. */
function at(object: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null ? (value as Record<string | number, unknown>)[key] : undefined,
    object,
  );
}
