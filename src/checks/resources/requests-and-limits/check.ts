import type { Verdict } from '../../../core/check.ts';
import { defineCheck } from '../../../core/check.ts';
import { containersOf, WORKLOAD_FACTS, type WorkloadContainer, workloadsOf } from '../../../kubernetes/workload.ts';
import { orNotApplicable } from '../../verdicts.ts';
import { describeResources, faultsOfResources } from './faults.ts';

export const requestsAndLimitsCheck = defineCheck({
  id: 'resources/requests-and-limits',
  title: 'Each container says what it needs and how much memory it may take',
  severity: 'error',
  why: 'Without requests the scheduler packs a node blindly, and without a memory limit one leaking container takes its neighbours along. A limit on CPU, on the other hand, only slows a service that could have used what is idle.',
  how: 'Every container, init containers and sidecars included, has a memory request and a memory limit (errors) and a CPU request (a warning); a limit counts as the request that it sets. A CPU limit is never asked for. Ephemeral storage is a note. Each value is a quantity above zero, and no request is above its limit.',
  fix: 'Measure the container under load, then write resources.requests for cpu and memory and resources.limits for memory.',
  verify:
    'kubectl get deployment NAME -o jsonpath=\'{range .spec.template.spec.containers[*]}{.name} {.resources}{"\\n"}{end}\'',
  references: [
    'https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/',
    'https://kubernetes.io/docs/concepts/workloads/pods/pod-qos/',
  ],
  needs: WORKLOAD_FACTS,
  evaluate: (facts) =>
    orNotApplicable(workloadsOf(facts).flatMap(containersOf).flatMap(judge), 'There is no workload.'),
});

function judge({ container, subject, path, workload }: WorkloadContainer): readonly Verdict[] {
  const { locate } = workload.resource;
  const observed = describeResources(container);
  const faults = faultsOfResources(container).map(
    ({ at, ...fault }): Verdict => ({
      outcome: 'fail',
      subject,
      where: locate([...path, 'resources', ...at]),
      observed,
      ...fault,
    }),
  );
  if (faults.some(({ severity }) => severity !== 'note')) return faults;
  return [
    {
      outcome: 'pass',
      subject,
      message: 'The scheduler knows what the container needs, and its memory is bounded.',
      where: locate([...path, 'resources']),
      observed,
    },
    ...faults,
  ];
}
