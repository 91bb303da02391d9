import { defineCheck, type Verdict } from '../../../core/check.ts';
import type { Pod } from '../../../core/objects.ts';
import type { Resource } from '../../../core/resource.ts';
import { policiesOn } from '../../../kubernetes/network-policies.ts';
import { podsOf } from '../../../kubernetes/pods-of.ts';
import { playing, ROLE_FACTS, rolesOf } from '../../../kubernetes/roles.ts';
import { containersOf, type Workload } from '../../../kubernetes/workload.ts';
import { answersApart, isReady } from '../../answers-apart.ts';
import { orNotApplicable } from '../../verdicts.ts';
import { judgeReplicas } from './judge-replicas.ts';

const KINDS = ['liveness', 'readiness'] as const;

export const healthInClusterCheck = defineCheck({
  id: 'health/in-cluster',
  title: 'Every pod answers its own probes, now and in time',
  severity: 'error',
  why: 'A Service hides which replica answers: one of three that says 503, or takes a second too long, is a third of all errors. Events tell of it only when the kubelet has given up.',
  how: "Each running pod of a workload that takes traffic is asked, through the API server's proxy, for the liveness and readiness paths that its own probes declare over HTTP. Every ready pod must answer 200 to 299 within the timeout of the probe, the way to the API server not counted; a pod that is not ready is asked about its liveness only, once it has started. Replicas that disagree are named. A refusal of a ready pod that may be due to headers, or to the name that the API server calls it by, is unknown; so is a pod that the API server may not or cannot ask, unless a NetworkPolicy keeps callers out of it.",
  fix: 'Read the log of the pod that is named, and mend the endpoint or what it waits for; where only one replica fails, delete it and see whether its successor does too.',
  verify: 'Run kubectl get --raw /api/v1/namespaces/NAMESPACE/pods/POD:PORT/proxy/health/ready for each pod.',
  references: [
    'https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#container-probes',
    'https://kubernetes.io/docs/tasks/access-application-cluster/access-cluster-services/#manually-constructing-apiserver-proxy-urls',
  ],
  only: ['cluster'],
  needs: [...ROLE_FACTS, 'pods', 'networkPolicies', 'podHealth'],
  evaluate: (facts, settings) =>
    orNotApplicable(
      playing('service', rolesOf(facts, settings)).flatMap((workload): readonly Verdict[] => {
        const { ref: subject, locate } = workload.resource;
        const pods = new Map(podsOf(workload, facts.pods).map((pod) => [pod.ref, pod]));
        const ready = (pod: string) => isReady(pods.get(pod)?.object);
        const policies = policiesOn(workload, 'Ingress', facts.networkPolicies);
        const entries = facts.podHealth.filter(({ pod, container, probes }) =>
          probes.some((probe) =>
            probe === 'liveness' ? hasStarted(pods.get(pod), container) : probe === 'readiness' && ready(pod),
          ),
        );
        const { seen, notSeen } = answersApart(entries, { isReady: ready, policies });
        const verdicts = KINDS.flatMap((kind) =>
          judgeReplicas(
            workload,
            kind,
            seen.filter(({ entry }) => entry.probes.includes(kind) && (kind === 'liveness' || ready(entry.pod))),
            ready,
          ),
        );
        if (verdicts.length + notSeen.length > 0) return [...verdicts, ...notSeen];
        if (!asksOverHttp(workload))
          return [{ outcome: 'not-applicable', subject, message: 'None of its probes asks over HTTP.' }];
        return [
          {
            outcome: 'unknown',
            subject,
            message: 'No pod of it runs and has started, so none could be asked.',
            where: locate(['spec', 'replicas']),
          },
        ];
      }),
      'No workload takes traffic through a Service.',
    ),
});

/** While the startup probe goes on, the kubelet asks no other. */
function hasStarted(pod: Resource<Pod> | undefined, container: string): boolean {
  const { containerStatuses = [], initContainerStatuses = [] } = pod?.object.status ?? {};
  const status = [...containerStatuses, ...initContainerStatuses].find(({ name }) => name === container);
  return status !== undefined && status.started !== false;
}

function asksOverHttp(workload: Workload): boolean {
  return containersOf(workload).some(({ container: { livenessProbe, readinessProbe } }) =>
    [livenessProbe, readinessProbe].some((probe) => probe?.httpGet != null),
  );
}
