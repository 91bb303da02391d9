import { defineCheck } from '../../../core/check.ts';
import { ROLE_FACTS } from '../../../kubernetes/roles.ts';
import { judgePresence } from '../judge-presence.ts';

export const livenessProbeCheck = defineCheck({
  id: 'probes/liveness-probe',
  title: 'Each container that takes traffic has a liveness probe',
  severity: 'warning',
  why: 'A process that hangs keeps its pod in the state Running for ever. Only a liveness probe lets the kubelet see it and start the container again.',
  how: 'Every main container with ports, in each workload that a Service selects, has a livenessProbe of its own. Jobs and sidecars are not asked.',
  fix: "Add a livenessProbe on the service's liveness path, which looks at the process alone and at no dependency. A service that exits whenever it cannot go on may do without: record that as a waiver, with the reason.",
  verify: "kubectl get deployment NAME -o jsonpath='{.spec.template.spec.containers[*].livenessProbe}'",
  references: [
    'https://kubernetes.io/docs/concepts/workloads/pods/probes/',
    'https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/',
  ],
  needs: ROLE_FACTS,
  evaluate: (facts, settings) =>
    judgePresence('livenessProbe', facts, settings, {
      present: 'A container that hangs is started again.',
      missing: 'The container takes traffic and has no livenessProbe.',
      example: `httpGet ${settings.paths.live}`,
    }),
});
