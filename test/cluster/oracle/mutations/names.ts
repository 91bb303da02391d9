import { put } from '../edit.ts';
import { ALL, type Mutation, on, onPods, putKey, SELECTING, set } from './mutation.ts';

const BAD_NAMES = ['Upper', 'under_score', '-dash', 'dash-', 'a..b', 'sp ace', 'x'.repeat(254), 'ä'];
const BAD_LABEL_VALUES = ['a b', 'x'.repeat(64), '-a', 'a/b', 'ü'];
const BAD_LABEL_KEYS = ['a b', '/a', 'a/', 'A_B/c', `${'x'.repeat(64)}`, 'a/b/c'];

/** Names, labels and keys that are refused. */
export const NAMES: readonly Mutation[] = [
  on('bad-name', ALL, (object, random) => put(object, 'metadata.name', random.pick(BAD_NAMES))),
  on('name-with-a-dot', ALL, set('metadata.name', 'a.b')),
  on('name-too-long-for-a-label', ALL, set('metadata.name', 'a'.repeat(64))),
  on('name-too-long-for-a-cron-job', ['CronJob', 'Job'], set('metadata.name', 'a'.repeat(53))),
  on(
    'bad-generate-name',
    ALL,
    (object) => put(object, 'metadata.name', undefined) && put(object, 'metadata.generateName', 'Upper-'),
  ),
  on('bad-label-value', ALL, (object, random) => put(object, 'metadata.labels.app', random.pick(BAD_LABEL_VALUES))),
  on('bad-label-key', ALL, (object, random) => putKey(object, 'metadata.labels', random.pick(BAD_LABEL_KEYS))),
  on('bad-annotation-key', ALL, (object, random) =>
    putKey(object, 'metadata.annotations', random.pick(BAD_LABEL_KEYS)),
  ),
  on('bad-label-in-template', SELECTING, (object, random) =>
    putKey(object, 'spec.template.metadata.labels', random.pick(BAD_LABEL_KEYS)),
  ),
  on('bad-label-value-in-template', ['Job', ...SELECTING], (object, random) =>
    put(object, 'spec.template.metadata.labels.tier', random.pick(BAD_LABEL_VALUES)),
  ),
  on('bad-owner-reference', ALL, set('metadata.ownerReferences', [{ apiVersion: 'v1', kind: 'Pod', name: 'x' }])),
  on('bad-finalizer', ALL, set('metadata.finalizers', ['nope'])),
  on('bad-data-key', ['ConfigMap', 'Secret'], (object) => putKey(object, 'data', 'a/b')),
  on('key-in-data-and-binary-data', ['ConfigMap'], set('binaryData', { LOG_LEVEL: 'eA==' })),
  onPods('bad-container-name', set('containers.0.name', 'Api', 'a_b', 'a.b', 'x'.repeat(64))),
  onPods('bad-volume-name', set('volumes.0.name', 'Tmp', 'a_b', 'a.b')),
  onPods('bad-env-name', set('containers.0.env.0.name', 'A=B', '=')),
  onPods(
    'bad-port-name',
    set('containers.0.ports.0.name', 'HTTP_PORT', 'this-name-is-too-long', '80', 'a--b', 'http-'),
  ),
  onPods('bad-service-account-name', set('serviceAccountName', 'Qna', 'a_b')),
  onPods('bad-secret-reference', set('containers.0.env.1.valueFrom.secretKeyRef', { name: 'keys', key: 'a/b' })),
  onPods('bad-node-selector', set('nodeSelector', { 'a b': 'c' }, { a: 'b c' })),
  onPods('bad-topology-key', set('topologySpreadConstraints.0.topologyKey', '', undefined)),
  onPods(
    'bad-host-alias',
    set('hostAliases', [{ ip: '10.1.2', hostnames: ['a'] }], [{ ip: '10.1.2.3', hostnames: ['a_b'] }]),
  ),
  onPods('bad-hostname', set('hostname', 'Api', 'a.b')),
  on('bad-service-port-name', ['Service'], set('spec.ports.0.name', 'HTTP', 'a_b', 'x'.repeat(64))),
  on(
    'bad-ingress-host',
    ['Ingress'],
    set('spec.rules.0.host', 'QNA.example.test', 'a_b', '*.*.test', '10.0.0.1', 'qna.example.test:8080'),
  ),
  on('bad-tls-host', ['Ingress'], set('spec.tls.0.hosts.0', 'QNA.example.test', 'a_b')),
  on('bad-ingress-secret-name', ['Ingress'], set('spec.tls.0.secretName', 'Qna_tls')),
  on('bad-ingress-class', ['Ingress'], set('spec.ingressClassName', 'Traefik')),
  on('bad-storage-class', ['PersistentVolumeClaim', 'PersistentVolume'], set('spec.storageClassName', 'Fast_SSD')),
  on('bad-dns-name-in-route', ['HTTPRoute'], set('spec.hostnames.0', 'QNA.example.test', 'a_b')),
  on('bad-label-in-selector', SELECTING, set('spec.selector.matchLabels', { 'a b': 'c' })),
  on('bad-service-selector', ['Service'], set('spec.selector', { 'a b': 'c' }, { app: 'a b' })),
];
