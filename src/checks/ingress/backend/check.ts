import type { Verdict } from '../../../core/check.ts';
import { defineCheck } from '../../../core/check.ts';
import type { Facts } from '../../../core/facts.ts';
import { CLUSTER_LABEL } from '../../../kubernetes/database-cluster.ts';
import { type Link, linksOf } from '../../../kubernetes/references/backends.ts';
import { findByName } from '../../../kubernetes/references/by-name.ts';
import { portOf, resolvePort, targetOf, workloadsBehind } from '../../../kubernetes/service-ports.ts';
import { WORKLOAD_FACTS, type Workload, workloadsOf } from '../../../kubernetes/workload.ts';
import { orNotApplicable } from '../../verdicts.ts';

const NEEDS = [...WORKLOAD_FACTS, 'ingresses', 'httpRoutes', 'services'] as const;
type BackendFacts = Pick<Facts, (typeof NEEDS)[number]>;

export const ingressBackendCheck = defineCheck({
  id: 'ingress/backend',
  title: 'Each route leads through a ClusterIP Service to a port of pods that exist',
  severity: 'error',
  why: 'One wrong name on the way from host to pod, and the edge answers 503 while every object looks well by itself.',
  how: 'Each backend of an Ingress, the default one included, and each backendRef of an HTTPRoute names a Service of its namespace, a port of that Service, and the Service selects pods in which the targetPort resolves. A Service of type ExternalName fails; NodePort and LoadBalancer weigh as a warning, since they open a second way in.',
  fix: 'Follow the chain: the name of the Service, the name or number of its port, its selector, its targetPort.',
  verify: 'kubectl describe ingress NAME; kubectl get endpointslices -l kubernetes.io/service-name=SERVICE',
  references: [
    'https://kubernetes.io/docs/concepts/services-networking/ingress/#the-ingress-resource',
    'https://gateway-api.sigs.k8s.io/api-types/httproute/#backendrefs-optional',
  ],
  needs: NEEDS,
  evaluate: (facts) => {
    const workloads = workloadsOf(facts);
    return orNotApplicable(
      linksOf(facts).map((link) => {
        const { resource, path, name } = link;
        const subject = `${resource.ref} backend ${name}`;
        const broken = brokenLink(link, facts.services, workloads);
        return broken === undefined
          ? {
              outcome: 'pass',
              subject,
              message: 'The route leads to pods.',
              where: resource.locate(path),
              observed: `Service ${name} port ${shownPort(link)}`,
            }
          : { outcome: 'fail', subject, where: resource.locate(path), ...broken };
      }),
      'No Ingress or HTTPRoute names a Service.',
    );
  },
});

type Fault = Pick<Verdict, 'message' | 'observed' | 'expected' | 'severity'>;

function brokenLink(link: Link, services: BackendFacts['services'], all: readonly Workload[]): Fault | undefined {
  const beside = { metadata: link.namespace === undefined ? {} : { namespace: link.namespace } };
  const service = findByName(services, link.name, beside)?.object;
  if (service === undefined)
    return {
      message: `The Service ${link.name} does not exist.`,
      observed: `no Service ${link.name} in the namespace`,
      expected: 'a Service of that name',
    };
  const { type = 'ClusterIP' } = service.spec ?? {};
  const ports = service.spec?.ports ?? [];
  if (type === 'ExternalName')
    return {
      message: 'The Service leads out of the cluster.',
      observed: 'type ExternalName',
      expected: 'type ClusterIP',
    };
  const port = portOf(service, link.port);
  if (port === undefined)
    return {
      message: `The Service ${link.name} has no port ${shownPort(link)}.`,
      observed: `ports ${ports.map(({ name, port: number }) => [name, number].filter((part) => part !== undefined).join(' ')).join(', ') || 'none'}`,
      expected: `a port ${shownPort(link)}`,
    };
  const selector = service.spec?.selector ?? {};
  const judged = Object.keys(selector).length > 0 && selector[CLUSTER_LABEL] === undefined;
  const workloads = workloadsBehind(service, all);
  if (judged && workloads.length === 0)
    return {
      message: `The Service ${link.name} selects no pod.`,
      observed: `selector ${JSON.stringify(selector)}`,
      expected: 'the labels of a pod template',
    };
  const target = targetOf(port);
  if (judged && !workloads.some((workload) => resolvePort(target, workload, port.protocol).number !== undefined))
    return {
      message: `No container behind the Service ${link.name} has a port ${target}.`,
      observed: `targetPort ${target}`,
      expected: 'the name of a container port',
    };
  if (type !== 'ClusterIP')
    return {
      severity: 'warning',
      message: 'The Service is reachable beside the edge, without its TLS.',
      observed: `type ${type}`,
      expected: 'type ClusterIP',
    };
  return undefined;
}

function shownPort({ port }: Link): string {
  return String(port.name ?? port.number ?? '(none)');
}
