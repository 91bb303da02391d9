import { ALL, type Mutation, on, onPods, POD_PATHS, set } from './mutation.ts';

/** What no decoder reads. */
export const UNDECODABLE: readonly Mutation[] = [
  on('unknown-field-at-the-root', ALL, set('spce', { a: 1 })),
  on('unknown-field-in-metadata', ALL, set('metadata.label', { a: 'b' })),
  on(
    'unknown-field-in-spec',
    ALL.filter(
      (kind) =>
        kind in POD_PATHS || kind === 'Service' || kind === 'Ingress' || kind === 'Gateway' || kind === 'Certificate',
    ),
    set('spec.replcas', 1),
  ),
  onPods('unknown-field-in-pod', set('restartPolcy', 'Always')),
  onPods('unknown-field-in-container', set('containers.0.imagePullPolcy', 'Always')),
  onPods('field-of-the-container-in-the-pod', set('livenessProbe', { httpGet: { port: 80 } })),
  on('labels-are-a-list', ALL, set('metadata.labels', ['a'])),
  on('label-is-a-number', ALL, set('metadata.labels.app', 1)),
  on('annotation-is-a-boolean', ALL, set('metadata.annotations.enabled', true)),
  on('replicas-is-a-string', ['Deployment', 'StatefulSet', 'ReplicaSet'], set('spec.replicas', '2')),
  on('replicas-is-a-fraction', ['Deployment', 'StatefulSet', 'ReplicaSet'], set('spec.replicas', 1.5)),
  on('replicas-beyond-int32', ['Deployment', 'ReplicaSet'], set('spec.replicas', 2 ** 40)),
  onPods('env-value-is-a-number', set('containers.0.env.0.value', 8080)),
  onPods('env-value-is-a-boolean', set('containers.0.env.0.value', true)),
  onPods('containers-is-a-map', set('containers', { api: {} })),
  onPods('command-is-a-string', set('containers.0.command', 'node server.js')),
  onPods('port-is-a-string', set('containers.0.ports.0.containerPort', '8080')),
  onPods('run-as-non-root-is-a-string', set('securityContext.runAsNonRoot', 'true')),
  on('data-is-a-number', ['ConfigMap'], set('data.LOG_LEVEL', 1)),
  on('secret-data-is-not-base64', ['Secret'], set('data', { key: 'not base64!' })),
  on('wrong-type-in-custom-resource', ['Certificate'], set('spec.dnsNames', 'qna.example.test')),
  on('wrong-type-in-listener', ['Gateway'], set('spec.listeners.0.port', '80')),
];
