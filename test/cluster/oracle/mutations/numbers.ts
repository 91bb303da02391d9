import { put, valueAt } from '../edit.ts';
import { type Mutation, on, onPods, SERVING, set } from './mutation.ts';

const BAD_QUANTITIES = ['1 Gi', '512MB', 'lots', '1.5.5', 'Gi', '0x10'];

/** Ports, numbers and quantities out of their bounds. */
export const NUMBERS: readonly Mutation[] = [
  onPods('port-out-of-range', set('containers.0.ports.0.containerPort', 0, 65536, -1, 99999)),
  onPods('host-port-out-of-range', set('containers.0.ports.0.hostPort', 70000, -1)),
  onPods('probe-port-out-of-range', set('containers.0.readinessProbe.httpGet.port', 0, 65536, 'a_b', ''), SERVING),
  onPods('probe-period-negative', set('containers.0.livenessProbe.periodSeconds', -1), SERVING),
  onPods('liveness-success-threshold', set('containers.0.livenessProbe.successThreshold', 2), SERVING),
  onPods('grace-negative', set('terminationGracePeriodSeconds', -1)),
  onPods('bad-quantity', (spec, random) =>
    put(spec, 'containers.0.resources.limits.memory', random.pick(BAD_QUANTITIES)),
  ),
  onPods('negative-quantity', set('containers.0.resources.requests.cpu', '-1')),
  onPods('limit-below-request', set('containers.0.resources.limits.memory', '128Mi', '1M')),
  onPods('unknown-resource', set('containers.0.resources.limits.gpu', 1)),
  onPods('fraction-of-a-device', set('containers.0.resources.limits', { 'nvidia.com/gpu': '0.5' })),
  onPods(
    'request-unlike-limit-of-a-device',
    set('containers.0.resources', { requests: { 'nvidia.com/gpu': 1 }, limits: { 'nvidia.com/gpu': 2 } }),
  ),
  onPods('user-negative', set('securityContext.runAsUser', -1)),
  onPods('mode-out-of-range', set('volumes.1.configMap', { name: 'settings', defaultMode: 1000 })),
  on('service-port-out-of-range', ['Service'], set('spec.ports.0.port', 0, 65536, 99999)),
  on('target-port-out-of-range', ['Service'], set('spec.ports.0.targetPort', 65536, 'A_B', 'this-name-is-too-long')),
  on(
    'node-port-out-of-range',
    ['Service'],
    (object, random) =>
      valueAt(object, 'spec.type') === 'NodePort' && put(object, 'spec.ports.0.nodePort', random.pick([80, 70000])),
  ),
  on(
    'backend-port-out-of-range',
    ['Ingress'],
    set('spec.rules.0.http.paths.0.backend.service.port', { number: 0 }, { number: 70000 }, { name: 'a_b' }),
  ),
  on('policy-port-out-of-range', ['NetworkPolicy'], set('spec.ingress.0.ports.0.port', 0, 70000, 'a_b')),
  on('end-port-below-port', ['NetworkPolicy'], set('spec.egress.1.ports.1.endPort', 7999)),
  on('listener-port-out-of-range', ['Gateway'], set('spec.listeners.0.port', 0, 70000)),
  on('replicas-negative', ['Deployment', 'StatefulSet', 'ReplicaSet'], set('spec.replicas', -1)),
  on(
    'bad-surge',
    ['Deployment'],
    set(
      'spec.strategy',
      { rollingUpdate: { maxSurge: '25' } },
      { rollingUpdate: { maxSurge: -1 } },
      { rollingUpdate: { maxUnavailable: '120%' } },
    ),
  ),
  on(
    'surge-and-unavailable-zero',
    ['Deployment'],
    set('spec.strategy', { rollingUpdate: { maxSurge: 0, maxUnavailable: 0 } }),
  ),
  on('progress-deadline-below-ready-seconds', ['Deployment'], set('spec.progressDeadlineSeconds', 5)),
  on('storage-zero', ['PersistentVolumeClaim'], set('spec.resources.requests.storage', '0', '-1Gi')),
  on('bad-storage-quantity', ['PersistentVolumeClaim', 'PersistentVolume'], (object, random) =>
    put(
      object,
      object.kind === 'PersistentVolume' ? 'spec.capacity.storage' : 'spec.resources.requests.storage',
      random.pick(BAD_QUANTITIES),
    ),
  ),
  on('max-below-min', ['HorizontalPodAutoscaler'], set('spec.maxReplicas', 1, 0)),
  on('min-replicas-zero', ['HorizontalPodAutoscaler'], set('spec.minReplicas', 0, -1)),
  on('utilization-zero', ['HorizontalPodAutoscaler'], set('spec.metrics.0.resource.target.averageUtilization', 0, -5)),
  on(
    'bad-percentage',
    ['PodDisruptionBudget'],
    set(
      'spec',
      { selector: {}, minAvailable: '150%' },
      { selector: {}, maxUnavailable: 'half' },
      { selector: {}, minAvailable: -1 },
    ),
  ),
  on('quota-negative', ['ResourceQuota'], set('spec.hard.pods', -1)),
  on('quota-fraction', ['ResourceQuota'], set('spec.hard.pods', '1.5')),
  on('priority-too-high', ['PriorityClass'], set('value', 1000000001)),
  on('priority-system-name', ['PriorityClass'], set('metadata.name', 'system-qna')),
  on('backoff-negative', ['Job'], set('spec.backoffLimit', -1)),
  on('deadline-negative', ['Job'], set('spec.activeDeadlineSeconds', -1)),
  on('history-negative', ['CronJob'], set('spec.successfulJobsHistoryLimit', -1)),
  on('min-above-max', ['LimitRange'], set('spec.limits.0.min.memory', '4Gi')),
  on('default-above-max', ['LimitRange'], set('spec.limits.0.default.memory', '4Gi')),
  on('weight-too-high', ['HTTPRoute'], set('spec.rules.0.backendRefs.0.weight', 1000001, -1)),
];
