import type { Verdict } from '../../../core/check.ts';
import { defineCheck } from '../../../core/check.ts';
import type { Service } from '../../../core/objects.ts';
import type { Resource } from '../../../core/resource.ts';
import { CLUSTER_LABEL } from '../../../kubernetes/database-cluster.ts';
import { sameNamespace } from '../../../kubernetes/label-selector.ts';
import { workloadsNear } from '../../../kubernetes/near.ts';
import { workloadsBehind } from '../../../kubernetes/service-ports.ts';
import { WORKLOAD_FACTS, type Workload, workloadsOf } from '../../../kubernetes/workload.ts';
import { orNotApplicable } from '../../verdicts.ts';

export const selectsPodsCheck = defineCheck({
  id: 'service/selects-pods',
  title: 'Each Service selects pods that exist',
  severity: 'error',
  why: 'A selector that misses by one label is a Service without endpoints: its name resolves, and every connection is refused.',
  how: 'Each Service with a selector matches the labels of a pod template in its namespace, all pairs at once. A Service without a selector, an ExternalName, one that an operator owns and one over the pods of a CloudNativePG Cluster are not asked.',
  fix: "Write the selector as a part of the template's labels: spec.template.metadata.labels, and not the labels of the Deployment itself.",
  verify: 'kubectl get endpointslices -l kubernetes.io/service-name=NAME',
  references: ['https://kubernetes.io/docs/concepts/services-networking/service/#defining-a-service'],
  needs: [...WORKLOAD_FACTS, 'services'],
  evaluate: (facts) => {
    const workloads = workloadsOf(facts);
    return orNotApplicable(
      facts.services.filter(isAsked).map((service) => judge(service, workloads)),
      'No Service selects pods by labels.',
    );
  },
});

function isAsked({ object }: Resource<Service>): boolean {
  const { type, selector = {} } = object.spec ?? {};
  const keys = Object.keys(selector ?? {});
  const owned = (object.metadata?.ownerReferences ?? []).some(({ controller }) => controller === true);
  return type !== 'ExternalName' && keys.length > 0 && !keys.includes(CLUSTER_LABEL) && !owned;
}

function judge({ object, ref: subject, locate }: Resource<Service>, workloads: readonly Workload[]): Verdict {
  const where = locate(['spec', 'selector']);
  const selected = workloadsBehind(object, workloads);
  if (selected.length > 0)
    return {
      outcome: 'pass',
      subject,
      message: 'The Service selects pods.',
      where,
      observed: selected.map(({ resource }) => resource.ref).join(', '),
    };
  const nearest = nearestOf(object, workloads);
  return {
    outcome: 'fail',
    subject,
    message: 'The Service selects no pod.',
    where,
    observed: `selector ${pairs(object.spec?.selector)}`,
    expected:
      nearest === undefined
        ? 'the labels of a pod template in the same namespace'
        : `labels of ${nearest.resource.ref}: ${pairs(nearest.template.metadata?.labels)}`,
  };
}

/** The workload that shares the most labels with the selector, else the only one there is. */
function nearestOf(service: Service, workloads: readonly Workload[]): Workload | undefined {
  const beside = workloadsNear(workloads, service).filter(
    ({ resource, serves }) => serves && sameNamespace(service, resource.object),
  );
  const shared = (workload: Workload) =>
    Object.entries(service.spec?.selector ?? {}).filter(
      ([key, value]) => workload.template.metadata?.labels?.[key] === value,
    ).length;
  const [best] = [...beside].sort((a, b) => shared(b) - shared(a));
  return best !== undefined && (shared(best) > 0 || beside.length === 1) ? best : undefined;
}

function pairs(labels: Readonly<Record<string, string>> | undefined): string {
  return Object.entries(labels ?? {})
    .map(([key, value]) => `${key}=${value}`)
    .join(', ');
}
