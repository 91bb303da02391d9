import { put, repeatFirst, valueAt } from '../edit.ts';
import { type Mutation, on, onPods, repeat, SELECTING, SERVING, set } from './mutation.ts';

/** What must agree, exclude each other, or not stand twice. */
export const AGREEMENT: readonly Mutation[] = [
  on(
    'selector-misses-the-template',
    SELECTING,
    set('spec.selector.matchLabels', { app: 'other' }, { app: 'qna', tier: 'web' }),
  ),
  on('selector-is-empty', SELECTING, set('spec.selector', {}, { matchLabels: {} })),
  on('job-with-a-selector', ['Job'], set('spec.selector', { matchLabels: { app: 'qna' } })),
  onPods('mount-without-volume', set('containers.0.volumeMounts.0.name', 'nowhere')),
  onPods('mount-with-relative-path-up', set('containers.0.volumeMounts.0.subPath', '../etc', '/etc')),
  onPods('two-mounts-at-one-path', repeat('containers.0.volumeMounts')),
  onPods('two-containers-of-one-name', repeat('containers')),
  onPods('init-container-named-like-a-container', repeat('initContainers', { name: 'api' })),
  onPods('two-volumes-of-one-name', repeat('volumes')),
  onPods('two-ports-of-one-name', repeat('containers.0.ports', { containerPort: 9000 })),
  onPods('two-equal-ports', repeat('containers.0.ports', { name: 'http2' })),
  onPods(
    'two-equal-host-ports',
    (spec) => put(spec, 'containers.0.ports.0.hostPort', 8080) && put(spec, 'containers.0.ports.1.hostPort', 8080),
  ),
  onPods('two-equal-env', repeat('containers.0.env')),
  onPods('volume-without-source', (spec) => put(spec, 'volumes.0.emptyDir', undefined)),
  onPods('volume-with-two-sources', set('volumes.0.secret', { secretName: 'keys' })),
  onPods('two-probe-handlers', set('containers.0.livenessProbe.exec', { command: ['true'] }), SERVING),
  onPods('env-with-value-and-source', set('containers.0.env.1.value', 'x')),
  onPods('env-with-two-sources', set('containers.0.env.1.valueFrom.configMapKeyRef', { name: 'settings', key: 'a' })),
  onPods('env-from-two-sources', set('containers.0.envFrom.0.secretRef', { name: 'keys' })),
  onPods('probe-on-an-init-container', set('initContainers.0.livenessProbe', { exec: { command: ['true'] } })),
  onPods(
    'lifecycle-on-an-init-container',
    set('initContainers.0.lifecycle', { preStop: { exec: { command: ['true'] } } }),
  ),
  onPods('privileged-without-escalation', set('containers.0.securityContext.privileged', true)),
  onPods(
    'host-port-unlike-port-in-host-network',
    (spec) => put(spec, 'hostNetwork', true) && put(spec, 'containers.0.ports.0.hostPort', 9999),
  ),
  onPods('sleep-longer-than-grace', set('containers.0.lifecycle', { preStop: { sleep: { seconds: 3600 } } }), SERVING),
  onPods(
    'item-path-leaves-the-volume',
    set(
      'volumes.1.configMap',
      { name: 'settings', items: [{ key: 'a', path: '../a' }] },
      { name: 'settings', items: [{ key: 'a', path: '/a' }] },
    ),
  ),
  onPods('spread-repeated', repeat('topologySpreadConstraints')),
  on(
    'recreate-with-rolling-update',
    ['Deployment'],
    set('spec.strategy', { type: 'Recreate', rollingUpdate: { maxSurge: 1 } }),
  ),
  on('two-service-ports-of-one-name', ['Service'], set('spec.ports.1.name', 'http')),
  on('two-equal-service-ports', ['Service'], (object) => put(object, 'spec.ports.1.port', 80)),
  on(
    'node-port-on-cluster-ip',
    ['Service'],
    (object) => valueAt(object, 'spec.type') === undefined && put(object, 'spec.ports.0.nodePort', 30080),
  ),
  on(
    'headless-load-balancer',
    ['Service'],
    (object) => put(object, 'spec.type', 'LoadBalancer') && put(object, 'spec.clusterIP', 'None'),
  ),
  on(
    'backend-with-service-and-resource',
    ['Ingress'],
    set('spec.rules.0.http.paths.0.backend.resource', { apiGroup: 'x.test', kind: 'Bucket', name: 'b' }),
  ),
  on(
    'backend-port-with-name-and-number',
    ['Ingress'],
    set('spec.rules.0.http.paths.0.backend.service.port', { name: 'http', number: 80 }),
  ),
  on('ingress-without-rules', ['Ingress'], set('spec', { ingressClassName: 'traefik' })),
  on('peer-with-block-and-selector', ['NetworkPolicy'], set('spec.egress.0.to.0.podSelector', {})),
  on('empty-peer', ['NetworkPolicy'], set('spec.ingress.0.from.0', {})),
  on('both-budgets', ['PodDisruptionBudget'], set('spec', { selector: {}, minAvailable: 1, maxUnavailable: 1 })),
  on('two-listeners-of-one-name', ['Gateway'], (object) => repeatFirst(object, 'spec.listeners')),
  on(
    'tls-on-http-listener',
    ['Gateway'],
    set('spec.listeners.0.tls', { mode: 'Terminate', certificateRefs: [{ name: 'x' }] }),
  ),
  on(
    'request-timeout-below-backend',
    ['HTTPRoute'],
    set('spec.rules.0.timeouts', { request: '10s', backendRequest: '20s' }),
  ),
  on(
    'two-snapshot-sources',
    ['VolumeSnapshot'],
    set('spec.source', { persistentVolumeClaimName: 'a', volumeSnapshotContentName: 'b' }, {}),
  ),
  on('volume-source-missing', ['PersistentVolume'], (object) =>
    ['nfs', 'csi', 'hostPath'].some((name) => put(object, `spec.${name}`, undefined)),
  ),
  on('two-volume-sources', ['PersistentVolume'], set('spec.local', { path: '/mnt' })),
  on('host-path-with-dots', ['PersistentVolume'], (object) => put(object, 'spec.hostPath.path', '/srv/../etc')),
];
