import { anywhere, EMPTY, GARBLED, GONE, isLeaf, isList, isMap, NULL, RETYPED, STRANGER, TWICE } from './anywhere.ts';
import { put, repeatFirst, valueAt } from './edit.ts';
import type { Json, JsonMap } from './json.ts';
import { MAKERS, type MadeKind } from './objects.ts';
import type { Random } from './random.ts';

/** One fault that people make. */
export interface Mutation {
  readonly name: string;
  readonly kinds: readonly MadeKind[];
  /** Changes the object in place; false where it has nothing to break in this way. */
  apply(object: JsonMap, random: Random): boolean;
}

type Apply = Mutation['apply'];

const ALL = Object.keys(MAKERS) as readonly MadeKind[];
/** Kinds that run pods, with the way to the pod spec. */
const POD_PATHS = {
  Deployment: 'spec.template.spec',
  StatefulSet: 'spec.template.spec',
  DaemonSet: 'spec.template.spec',
  ReplicaSet: 'spec.template.spec',
  Pod: 'spec',
  Job: 'spec.template.spec',
  CronJob: 'spec.jobTemplate.spec.template.spec',
} as const;
const PODS = Object.keys(POD_PATHS) as readonly (keyof typeof POD_PATHS)[];
const SELECTING = ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet'] as const;
const SERVING = [...SELECTING, 'Pod'] as const;
const BAD_NAMES = ['Upper', 'under_score', '-dash', 'dash-', 'a..b', 'sp ace', 'x'.repeat(254), 'ä'];
const BAD_LABEL_VALUES = ['a b', 'x'.repeat(64), '-a', 'a/b', 'ü'];
const BAD_LABEL_KEYS = ['a b', '/a', 'a/', 'A_B/c', `${'x'.repeat(64)}`, 'a/b/c'];
const BAD_QUANTITIES = ['1 Gi', '512MB', 'lots', '1.5.5', 'Gi', '0x10'];

/** Sets one field, or takes it away where the value is undefined. */
const set =
  (path: string, ...values: readonly (Json | undefined)[]): Apply =>
  (object, random) =>
    put(object, path, structuredClone(random.pick(values)));

const on = (name: string, kinds: readonly MadeKind[], apply: Apply): Mutation => ({ name, kinds, apply });

/** The same below the pod spec of each kind that runs pods. */
const onPods = (name: string, apply: Apply, kinds: readonly (keyof typeof POD_PATHS)[] = PODS): Mutation => ({
  name,
  kinds,
  apply(object, random) {
    const spec = valueAt(object, POD_PATHS[object.kind as keyof typeof POD_PATHS]);
    return spec !== undefined && apply(spec as JsonMap, random);
  },
});

const repeat =
  (path: string, change?: JsonMap): Apply =>
  (object) =>
    repeatFirst(object, path, change);

export const MUTATIONS: readonly Mutation[] = [
  // What no decoder reads.
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
  // What is missing.
  on('no-name', ALL, set('metadata.name', undefined)),
  on(
    'no-spec',
    [
      ...SELECTING,
      'Pod',
      'Job',
      'CronJob',
      'Service',
      'Ingress',
      'PersistentVolumeClaim',
      'Certificate',
      'Gateway',
      'HorizontalPodAutoscaler',
    ],
    set('spec', undefined),
  ),
  on('no-selector', SELECTING, set('spec.selector', undefined)),
  on('no-template', [...SELECTING, 'Job'], set('spec.template', undefined)),
  onPods('no-containers', set('containers', undefined, [])),
  onPods('no-container-name', set('containers.0.name', undefined, '')),
  onPods('no-image', set('containers.0.image', undefined, ''), ['Deployment', 'StatefulSet', 'Job', 'Pod', 'CronJob']),
  onPods('no-mount-path', set('containers.0.volumeMounts.0.mountPath', undefined, '')),
  onPods('no-volume-name', set('volumes.0.name', undefined, '')),
  onPods('no-env-name', set('containers.0.env.0.name', undefined, '')),
  onPods('no-container-port', set('containers.0.ports.0.containerPort', undefined)),
  onPods('no-secret-key', set('containers.0.env.1.valueFrom.secretKeyRef.key', undefined, '')),
  onPods('no-probe-port', set('containers.0.livenessProbe.httpGet.port', undefined), SERVING),
  onPods('probe-without-handler', set('containers.0.readinessProbe', { periodSeconds: 5 }), SERVING),
  on('no-ports', ['Service'], set('spec.ports', undefined, [])),
  on('no-port-name-among-several', ['Service'], set('spec.ports.1.name', undefined)),
  on('no-path-type', ['Ingress'], set('spec.rules.0.http.paths.0.pathType', undefined)),
  on('no-backend-service-port', ['Ingress'], set('spec.rules.0.http.paths.0.backend.service.port', undefined, {})),
  on('no-storage-request', ['PersistentVolumeClaim'], set('spec.resources', undefined, {}, { requests: {} })),
  on('no-access-modes', ['PersistentVolumeClaim', 'PersistentVolume'], set('spec.accessModes', undefined, [])),
  on(
    'no-scale-target',
    ['HorizontalPodAutoscaler'],
    set('spec.scaleTargetRef', undefined, { kind: 'Deployment', name: '' }),
  ),
  on('no-schedule', ['CronJob'], set('spec.schedule', undefined, '')),
  on('no-verbs', ['Role', 'ClusterRole'], set('rules.0.verbs', undefined, [])),
  on('no-role-name', ['RoleBinding', 'ClusterRoleBinding'], set('roleRef.name', undefined, '')),
  on('no-provisioner', ['StorageClass'], set('provisioner', undefined, '')),
  on(
    'no-tls-key',
    ['Secret'],
    (object) => object.type === 'kubernetes.io/tls' && put(object, 'data', { 'tls.crt': 'eA==' }),
  ),
  on('no-issuer', ['Certificate'], set('spec.issuerRef', undefined)),
  on('no-secret-name', ['Certificate'], set('spec.secretName', undefined)),
  on('no-gateway-class', ['Gateway'], set('spec.gatewayClassName', undefined)),
  on('no-snapshot-source', ['VolumeSnapshot'], set('spec.source', undefined)),
  on('no-endpoint-selector', ['ServiceMonitor'], set('spec.selector', undefined)),
  on('no-group-name', ['PrometheusRule'], set('spec.groups.0.name', undefined)),
  on('no-rule-expression', ['PrometheusRule'], set('spec.groups.0.rules.0.expr', undefined)),
  // Names, labels, keys.
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
  // Ports, numbers, quantities.
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
  // Words.
  onPods('wrong-case-pull-policy', set('containers.0.imagePullPolicy', 'always', 'Sometimes')),
  onPods('bad-restart-policy', set('restartPolicy', 'Never-ever', 'always')),
  on('restart-policy-of-a-job', ['Job', 'CronJob'], (object) =>
    put(object, `${POD_PATHS[object.kind as 'Job' | 'CronJob']}.restartPolicy`, 'Always'),
  ),
  on('restart-policy-of-a-server', SELECTING, set('spec.template.spec.restartPolicy', 'OnFailure', 'Never')),
  onPods('bad-protocol', set('containers.0.ports.0.protocol', 'HTTP', 'tcp')),
  onPods('bad-dns-policy', set('dnsPolicy', 'Cluster')),
  onPods('dns-policy-none-without-servers', (spec) => put(spec, 'dnsConfig', {}) && put(spec, 'dnsPolicy', 'None')),
  onPods(
    'bad-toleration',
    set(
      'tolerations',
      [{ key: 'a', operator: 'Exists', value: 'b' }],
      [{ operator: 'Equal', value: 'b' }],
      [{ key: 'a', operator: 'In' }],
      [{ key: 'a', operator: 'Exists', effect: 'Never' }],
    ),
  ),
  onPods(
    'bad-seccomp',
    set(
      'securityContext.seccompProfile',
      { type: 'Default' },
      { type: 'Localhost' },
      { type: 'RuntimeDefault', localhostProfile: 'a' },
    ),
  ),
  onPods('bad-probe-scheme', set('containers.0.readinessProbe.httpGet.scheme', 'https'), SERVING),
  onPods('bad-when-unsatisfiable', set('topologySpreadConstraints.0.whenUnsatisfiable', 'Never', undefined)),
  onPods('skew-zero', set('topologySpreadConstraints.0.maxSkew', 0, -1)),
  onPods(
    'bad-affinity-operator',
    set(
      'affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms.0.matchExpressions.0',
      { key: 'a', operator: 'in', values: ['b'] },
      { key: 'a', operator: 'Exists', values: ['b'] },
      { key: 'a', operator: 'Gt', values: ['x', 'y'] },
      { key: 'a', operator: 'In' },
    ),
  ),
  onPods(
    'affinity-weight-out-of-range',
    set('affinity', {
      podAntiAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 101, podAffinityTerm: { topologyKey: 'a' } }],
      },
    }),
  ),
  onPods(
    'affinity-without-topology-key',
    set('affinity', { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ labelSelector: {} }] } }),
  ),
  onPods(
    'bad-field-path',
    set('containers.0.env.3.valueFrom.fieldRef.fieldPath', 'metadata.nam', 'spec.replicas', "metadata.labels['a b']"),
  ),
  onPods(
    'bad-resource-reference',
    set('containers.0.env.4.valueFrom.resourceFieldRef.resource', 'limits.gpu', 'memory'),
  ),
  onPods('bad-medium', set('volumes.0.emptyDir', { medium: 'Disk' })),
  on('bad-service-type', ['Service'], set('spec.type', 'Clusterip', 'External')),
  on('bad-session-affinity', ['Service'], set('spec.sessionAffinity', 'Cookie')),
  on('bad-traffic-policy', ['Service'], set('spec.externalTrafficPolicy', 'local')),
  on(
    'traffic-policy-without-outside',
    ['Service'],
    (object) => valueAt(object, 'spec.type') === undefined && put(object, 'spec.externalTrafficPolicy', 'Local'),
  ),
  on('bad-cluster-ip', ['Service'], set('spec.clusterIP', '10.96.0', 'none')),
  on(
    'bad-source-range',
    ['Service'],
    (object) =>
      valueAt(object, 'spec.type') === 'LoadBalancer' && put(object, 'spec.loadBalancerSourceRanges', ['10.0.0.0']),
  ),
  on(
    'external-name-with-an-address',
    ['Service'],
    set('spec', { type: 'ExternalName', externalName: 'example.test', clusterIP: '10.96.0.77' }),
  ),
  on(
    'external-name-missing',
    ['Service'],
    set('spec', { type: 'ExternalName' }, { type: 'ExternalName', externalName: 'a b' }),
  ),
  on('bad-path-type', ['Ingress'], set('spec.rules.0.http.paths.0.pathType', 'prefix', 'Regex')),
  on(
    'relative-path',
    ['Ingress'],
    (object) =>
      put(object, 'spec.rules.0.http.paths.0.pathType', 'Prefix') &&
      put(object, 'spec.rules.0.http.paths.0.path', 'api'),
  ),
  on(
    'path-with-dots',
    ['Ingress'],
    (object, random) =>
      put(object, 'spec.rules.0.http.paths.0.pathType', 'Prefix') &&
      put(object, 'spec.rules.0.http.paths.0.path', random.pick(['/a/../b', '/a//b', '/a/./b'])),
  ),
  on('bad-policy-type', ['NetworkPolicy'], set('spec.policyTypes', ['ingress'], ['Ingress', 'Egress', 'Ingress'])),
  on('bad-cidr', ['NetworkPolicy'], set('spec.egress.0.to.0.ipBlock.cidr', '10.0.0.0', '10.0.0.0/33', '300.0.0.0/8')),
  on(
    'exception-outside-the-block',
    ['NetworkPolicy'],
    set(
      'spec.egress.0.to.0.ipBlock',
      { cidr: '10.0.0.0/8', except: ['192.168.0.0/16'] },
      { cidr: '10.0.0.0/8', except: ['10.0.0.0/8'] },
    ),
  ),
  on('bad-policy-protocol', ['NetworkPolicy'], set('spec.ingress.0.ports.0.protocol', 'tcp', 'HTTP')),
  on(
    'bad-selector-operator',
    SELECTING,
    set(
      'spec.selector.matchExpressions',
      [{ key: 'app', operator: 'Equals', values: ['qna'] }],
      [{ key: 'app', operator: 'In' }],
      [{ key: 'app', operator: 'Exists', values: ['qna'] }],
    ),
  ),
  on('bad-access-mode', ['PersistentVolumeClaim', 'PersistentVolume'], set('spec.accessModes', ['ReadWrite'], ['RWO'])),
  on(
    'two-access-modes-with-once-pod',
    ['PersistentVolumeClaim'],
    set('spec.accessModes', ['ReadWriteOncePod', 'ReadWriteOnce']),
  ),
  on('bad-volume-mode', ['PersistentVolumeClaim'], set('spec.volumeMode', 'filesystem')),
  on('bad-reclaim-policy', ['StorageClass'], set('reclaimPolicy', 'Keep', 'retain')),
  on('bad-binding-mode', ['StorageClass'], set('volumeBindingMode', 'Later')),
  on('bad-volume-reclaim-policy', ['PersistentVolume'], set('spec.persistentVolumeReclaimPolicy', 'Keep')),
  on(
    'bad-cron',
    ['CronJob'],
    set('spec.schedule', '0 3 * *', 'every day', '61 * * * *', '* * * * * *', '0 25 * * *', '@sometimes'),
  ),
  on('time-zone-in-schedule', ['CronJob'], set('spec.schedule', 'TZ=UTC 0 3 * * *', 'CRON_TZ=UTC 0 3 * * *')),
  on('bad-time-zone', ['CronJob'], set('spec.timeZone', 'Mars/Olympus', 'Local', '')),
  on('bad-concurrency-policy', ['CronJob'], set('spec.concurrencyPolicy', 'forbid', 'Never')),
  on('bad-strategy', ['Deployment'], set('spec.strategy', { type: 'rolling' }, { type: 'BlueGreen' })),
  on('bad-update-strategy', ['StatefulSet', 'DaemonSet'], set('spec.updateStrategy', { type: 'Recreate' })),
  on('bad-pod-management', ['StatefulSet'], set('spec.podManagementPolicy', 'parallel')),
  on('bad-claim-retention', ['StatefulSet'], set('spec.persistentVolumeClaimRetentionPolicy.whenDeleted', 'Keep')),
  on('bad-completion-mode', ['Job'], set('spec.completionMode', 'indexed')),
  on('bad-metric-type', ['HorizontalPodAutoscaler'], set('spec.metrics.0.type', 'CPU', 'Pods')),
  on(
    'bad-target-type',
    ['HorizontalPodAutoscaler'],
    set(
      'spec.metrics.0.resource.target',
      { type: 'Average', averageUtilization: 50 },
      { type: 'Utilization', averageValue: '1' },
      { type: 'Value', value: '1' },
    ),
  ),
  on(
    'bad-scaling-policy',
    ['HorizontalPodAutoscaler'],
    set(
      'spec.behavior.scaleDown.policies',
      [{ type: 'Percents', value: 1, periodSeconds: 60 }],
      [{ type: 'Percent', value: 0, periodSeconds: 60 }],
      [{ type: 'Percent', value: 1, periodSeconds: 0 }],
      [{ type: 'Percent', value: 1, periodSeconds: 3600 }],
    ),
  ),
  on(
    'stabilization-too-long',
    ['HorizontalPodAutoscaler'],
    set('spec.behavior.scaleDown.stabilizationWindowSeconds', 3601, -1),
  ),
  on('bad-eviction-policy', ['PodDisruptionBudget'], set('spec.unhealthyPodEvictionPolicy', 'Always')),
  on(
    'bad-subject-kind',
    ['RoleBinding', 'ClusterRoleBinding'],
    set(
      'subjects.0',
      { kind: 'Pod', name: 'x' },
      { kind: 'ServiceAccount', name: 'qna', apiGroup: 'v1', namespace: 'default' },
    ),
  ),
  on('bad-role-kind', ['RoleBinding', 'ClusterRoleBinding'], set('roleRef.kind', 'role', 'Group')),
  on('bad-role-group', ['RoleBinding', 'ClusterRoleBinding'], set('roleRef.apiGroup', 'apps')),
  on('service-account-without-namespace', ['ClusterRoleBinding'], set('subjects.0.namespace', undefined, '')),
  on('role-without-groups', ['Role', 'ClusterRole'], set('rules.0.apiGroups', undefined, [])),
  on('role-without-resources', ['Role', 'ClusterRole'], set('rules.0.resources', undefined, [])),
  on('non-resource-url-in-role', ['Role'], set('rules.0', { nonResourceURLs: ['/metrics'], verbs: ['get'] })),
  on(
    'bad-docker-config',
    ['Secret'],
    (object) =>
      object.type === 'kubernetes.io/dockerconfigjson' && put(object, 'stringData', { '.dockerconfigjson': 'no json' }),
  ),
  on(
    'no-basic-auth-keys',
    ['Secret'],
    (object) => object.type === 'kubernetes.io/basic-auth' && put(object, 'stringData', {}),
  ),
  on('bad-limit-type', ['LimitRange'], set('spec.limits.0.type', 'container')),
  on('bad-controller', ['IngressClass'], set('spec.controller', 'traefik', 'A_B/c')),
  on('bad-algorithm', ['Certificate'], set('spec.privateKey.algorithm', 'rsa')),
  on('bad-usage', ['Certificate'], set('spec.usages', ['server'])),
  on('bad-listener-protocol', ['Gateway'], set('spec.listeners.0.protocol', 'h t t p')),
  on('bad-tls-mode', ['Gateway'], set('spec.listeners.1.tls.mode', 'terminate')),
  on('bad-path-match-type', ['HTTPRoute'], set('spec.rules.0.matches.0.path.type', 'Prefix')),
  on('bad-duration', ['HTTPRoute'], set('spec.rules.0.timeouts.request', '1 minute')),
  on('bad-interval', ['ServiceMonitor'], set('spec.endpoints.0.interval', '1 minute', 'often')),
  on('bad-scheme', ['ServiceMonitor'], set('spec.endpoints.0.scheme', 'ftp')),
  on('bad-for', ['PrometheusRule'], set('spec.groups.0.rules.0.for', 'five minutes')),
  // What must agree, and what must not stand twice.
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
  // What nobody thought of.
  on('anything-gone', ALL, anywhere(GONE)),
  on('anything-null', ALL, anywhere(NULL)),
  on('anything-empty', ALL, anywhere(EMPTY)),
  on('anything-of-another-type', ALL, anywhere(RETYPED)),
  on('any-leaf-garbled', ALL, anywhere(GARBLED, isLeaf)),
  on('any-list-with-an-item-twice', ALL, anywhere(TWICE, isList)),
  on('any-map-with-a-stranger', ALL, anywhere(STRANGER, isMap)),
];

function putKey(object: JsonMap, path: string, key: string): boolean {
  const map = valueAt(object, path);
  if (typeof map !== 'object' || map === null || Array.isArray(map)) return false;
  map[key] = 'eA==';
  return true;
}
