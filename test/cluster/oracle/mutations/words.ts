import { put, valueAt } from '../edit.ts';
import { type Mutation, on, onPods, POD_PATHS, SELECTING, SERVING, set } from './mutation.ts';

/** Words that are none of the words that are allowed, and texts of another form. */
export const WORDS: readonly Mutation[] = [
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
];
