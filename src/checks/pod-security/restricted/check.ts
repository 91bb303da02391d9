import type { Verdict } from '../../../core/check.ts';
import { defineCheck } from '../../../core/check.ts';
import { containersOf, WORKLOAD_FACTS, type Workload, workloadsOf } from '../../../kubernetes/workload.ts';
import { orNotApplicable } from '../../verdicts.ts';
import { breachesOfContainer } from './container-rules.ts';
import { breachesOfIdentity } from './identity-rules.ts';
import { breachesOfPod } from './pod-rules.ts';

export const restrictedCheck = defineCheck({
  id: 'pod-security/restricted',
  title: "Every pod meets the Pod Security Standard 'restricted'",
  severity: 'error',
  why: 'A pod that may become root, gain privileges or reach into its node turns a fault of the application into a fault of the cluster. In a namespace that enforces the standard, such a pod is not even created.',
  how: "Each rule of the levels Baseline and Restricted is asked of the pod and of every container, init containers and sidecars included, with the container's setting before the pod's. Each breach is a finding of its own, at the field that breaks the rule. Windows pods are excused where the standard excuses them.",
  fix: 'In securityContext, set runAsNonRoot: true and seccompProfile.type: RuntimeDefault on the pod, and allowPrivilegeEscalation: false and capabilities.drop: [ALL] on every container; take the forbidden field out.',
  mends:
    'allowPrivilegeEscalation: false and seccompProfile RuntimeDefault where nothing is written, and capabilities.drop: [ALL] on a container that is no root. That a container is no root is for whoever knows its image.',
  verify: 'kubectl label --dry-run=server --overwrite namespace NAME pod-security.kubernetes.io/enforce=restricted',
  references: [
    'https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted',
    'https://kubernetes.io/docs/concepts/security/pod-security-admission/',
  ],
  needs: WORKLOAD_FACTS,
  evaluate: (facts) => orNotApplicable(workloadsOf(facts).flatMap(judge), 'There is no workload.'),
});

function judge(workload: Workload): readonly Verdict[] {
  const { resource, specPath } = workload;
  const containers = containersOf(workload);
  const breaches = [
    ...breachesOfPod(workload),
    ...breachesOfIdentity(workload, containers),
    ...containers.flatMap((container) => breachesOfContainer(container)),
  ];
  if (breaches.length === 0)
    return [
      {
        outcome: 'pass',
        subject: resource.ref,
        message: "The pod meets the standard 'restricted'.",
        where: resource.locate(specPath),
        observed: `${containers.length} ${containers.length === 1 ? 'container' : 'containers'}, no rule broken`,
      },
    ];
  return breaches.map(({ subject, at, message, observed, expected, change }) => ({
    outcome: 'fail',
    subject,
    message,
    where: resource.locate(at),
    observed,
    expected,
    ...(change === undefined ? {} : { mend: { resource, changes: [change] } }),
  }));
}
