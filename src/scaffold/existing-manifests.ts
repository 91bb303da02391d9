import { parseAllDocuments } from 'yaml';
import type { GivenAnswers } from './answers.ts';

/** What a part of a manifest looks like to us; anything can be missing, and nothing is trusted. */
export interface Manifest {
  readonly kind?: unknown;
  readonly metadata?: { readonly name?: unknown; readonly namespace?: unknown } | null;
  readonly spec?: Readonly<Record<string, unknown>> | null;
}

/** The objects that these files hold, as far as they can be read. */
export function readManifests(texts: readonly string[]): readonly Manifest[] {
  return texts.flatMap((text) => {
    const documents = [...parseAllDocuments(text, { version: '1.1' })];
    if (documents.some(({ errors }) => errors.length > 0)) return [];
    return documents
      .map((document) => document.toJS() as unknown)
      .filter((object): object is Manifest => typeof object === 'object' && object !== null && 'kind' in object);
  });
}

/** What manifests that are there already say about the answers. The first that says something is believed. */
export function answersIn(manifests: readonly Manifest[]): GivenAnswers {
  const ofKind = (kind: string) => manifests.filter((object) => object.kind === kind);
  const first = (...paths: readonly (readonly [kind: string, path: readonly (string | number)[]])[]) =>
    paths
      .flatMap(([kind, path]) => ofKind(kind).map((object) => at(object, path)))
      .find((value) => value !== undefined);
  const container = ['spec', 'template', 'spec', 'containers', 0] as const;
  const found = {
    name: first(['Deployment', ['metadata', 'name']]),
    namespace: first(['Deployment', ['metadata', 'namespace']], ['Namespace', ['metadata', 'name']]),
    image: first(['Deployment', [...container, 'image']]),
    port: first(['Deployment', [...container, 'ports', 0, 'containerPort']]),
    replicas: first(['Deployment', ['spec', 'replicas']], ['HorizontalPodAutoscaler', ['spec', 'minReplicas']]),
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

export function at(object: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null ? (value as Record<string | number, unknown>)[key] : undefined,
    object,
  );
}
