import type { Verdict } from '../../../core/check.ts';
import { defineCheck } from '../../../core/check.ts';
import { ROLE_FACTS } from '../../../kubernetes/roles.ts';
import type { WorkloadContainer } from '../../../kubernetes/workload.ts';
import { orNotApplicable } from '../../verdicts.ts';
import { servingContainers } from '../serving-containers.ts';
import { faultsOfBudgets } from './faults.ts';

export const budgetCheck = defineCheck({
  id: 'probes/budget',
  title: 'The probes wait long enough, and in the right order',
  severity: 'warning',
  why: 'Times that do not fit together make a healthy service restart while it starts, restart before it was taken out of traffic, or flap under load.',
  how: 'Defaults included: timeoutSeconds is below periodSeconds; a start may take at least 30 seconds (the startup probe, or else the initial delay and the failures of the liveness probe); the liveness probe gives up later than the readiness probe; and no probe names a host, which would make the kubelet ask another machine than the pod.',
  fix: 'Give the start a startupProbe of its own, let liveness fail after at least twice the time of readiness, keep timeouts below periods, and leave host out.',
  verify: "kubectl get deployment NAME -o yaml | grep -nE 'Probe:|Seconds:|failureThreshold:|host:'",
  references: [
    'https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/#configure-probes',
    'https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline',
  ],
  needs: ROLE_FACTS,
  evaluate: (facts, settings) =>
    orNotApplicable(
      servingContainers(facts, settings).filter(hasProbe).flatMap(judge),
      'No container that takes traffic has a probe.',
    ),
});

function hasProbe({ container: { startupProbe, livenessProbe, readinessProbe } }: WorkloadContainer): boolean {
  return [startupProbe, livenessProbe, readinessProbe].some((probe) => probe != null);
}

function judge({ container, subject, path, workload }: WorkloadContainer): readonly Verdict[] {
  const { locate } = workload.resource;
  const faults = faultsOfBudgets(container);
  if (faults.length === 0)
    return [{ outcome: 'pass', subject, message: 'The times of the probes fit together.', where: locate(path) }];
  return faults.map(({ at, ...fault }) => ({ outcome: 'fail', subject, where: locate([...path, ...at]), ...fault }));
}
