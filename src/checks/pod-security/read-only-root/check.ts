import { defineCheck } from '../../../core/check.ts';
import { containersOf, WORKLOAD_FACTS, workloadsOf } from '../../../kubernetes/workload.ts';
import { orNotApplicable } from '../../verdicts.ts';

export const readOnlyRootCheck = defineCheck({
  id: 'pod-security/read-only-root',
  title: 'No container can write into its own image',
  severity: 'warning',
  why: 'Whoever breaks into a process with a writable root can leave programs there. A root that is read-only also shows at once where a service keeps state that a restart would lose.',
  how: 'Every container, init containers and sidecars included, has securityContext.readOnlyRootFilesystem true. The Pod Security Standards do not ask for it, so it is a check of its own.',
  fix: 'Set readOnlyRootFilesystem: true, and mount an emptyDir where the process must write, such as /tmp.',
  verify:
    "kubectl get deployment NAME -o jsonpath='{.spec.template.spec.containers[*].securityContext.readOnlyRootFilesystem}'",
  references: ['https://kubernetes.io/docs/tasks/configure-pod-container/security-context/'],
  needs: WORKLOAD_FACTS,
  evaluate: (facts) =>
    orNotApplicable(
      workloadsOf(facts)
        .flatMap(containersOf)
        .map(({ container, subject, path, workload }) => {
          const readOnly = container.securityContext?.readOnlyRootFilesystem;
          const where = workload.resource.locate([...path, 'securityContext', 'readOnlyRootFilesystem']);
          return readOnly === true
            ? {
                outcome: 'pass',
                subject,
                message: 'The root file system is read-only.',
                where,
                observed: 'readOnlyRootFilesystem true',
              }
            : {
                outcome: 'fail',
                subject,
                message: 'The container can write into its root file system.',
                where,
                observed: readOnly === undefined ? 'no readOnlyRootFilesystem' : `readOnlyRootFilesystem ${readOnly}`,
                expected: 'readOnlyRootFilesystem true',
              };
        }),
      'There is no workload.',
    ),
});
