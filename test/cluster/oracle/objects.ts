import type { JsonMap } from './json.ts';
import { podSpec } from './pods.ts';
import type { Random } from './random.ts';

/** Makes a valid object of one kind, a little different each time. */
export type Maker = (random: Random) => JsonMap;

const LABELS = { app: 'qna' };

function named(random: Random, apiVersion: string, kind: string, rest: JsonMap): JsonMap {
  return {
    apiVersion,
    kind,
    metadata: {
      name: `qna-${random.between(1, 9999)}`,
      labels: { ...LABELS, 'app.kubernetes.io/version': `1.${random.between(0, 30)}` },
      annotations: { 'example.test/owner': 'Team Answers <answers@example.test>' },
    },
    ...rest,
  };
}

function template(random: Random, restartPolicy = 'Always'): JsonMap {
  return { metadata: { labels: { ...LABELS, tier: 'api' } }, spec: podSpec(random, restartPolicy) };
}

function claimSpec(random: Random): JsonMap {
  return {
    accessModes: [random.pick(['ReadWriteOnce', 'ReadWriteMany', 'ReadWriteOncePod'])],
    resources: { requests: { storage: `${random.between(1, 200)}Gi` } },
    ...(random.chance(0.5) ? { storageClassName: 'fast' } : {}),
    ...(random.chance(0.3) ? { volumeMode: 'Filesystem' } : {}),
  };
}

function jobSpec(random: Random): JsonMap {
  return {
    backoffLimit: random.between(0, 6),
    activeDeadlineSeconds: 600,
    ttlSecondsAfterFinished: 86400,
    completions: 2,
    parallelism: random.between(1, 2),
    ...(random.chance(0.3) ? { completionMode: 'Indexed' } : {}),
    ...(random.chance(0.3)
      ? {
          podFailurePolicy: {
            rules: [{ action: 'FailJob', onExitCodes: { containerName: 'api', operator: 'In', values: [1, 42] } }],
          },
        }
      : {}),
    template: template(random, 'Never'),
  };
}

const workload =
  (kind: string, rest: (random: Random) => JsonMap): Maker =>
  (random) =>
    named(random, 'apps/v1', kind, {
      spec: { selector: { matchLabels: LABELS }, template: template(random), ...rest(random) },
    });

const subject = { kind: 'ServiceAccount', name: 'qna', namespace: 'default' };

/** Every kind that services use, with its maker. */
export const MAKERS = {
  Deployment: workload('Deployment', (random) => ({
    replicas: random.between(1, 5),
    minReadySeconds: 5,
    progressDeadlineSeconds: 600,
    strategy: random.pick<JsonMap>([
      { type: 'Recreate' },
      { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: 0 } },
    ]),
  })),
  StatefulSet: workload('StatefulSet', (random) => ({
    serviceName: 'qna',
    replicas: random.between(1, 3),
    podManagementPolicy: random.pick(['OrderedReady', 'Parallel']),
    updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
    persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
    volumeClaimTemplates: [{ metadata: { name: 'store' }, spec: claimSpec(random) }],
  })),
  DaemonSet: workload('DaemonSet', () => ({
    updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1 } },
  })),
  ReplicaSet: workload('ReplicaSet', (random) => ({ replicas: random.between(0, 3) })),
  Pod: (random) => named(random, 'v1', 'Pod', { spec: podSpec(random, random.pick(['Always', 'OnFailure', 'Never'])) }),
  Job: (random) => named(random, 'batch/v1', 'Job', { spec: jobSpec(random) }),
  CronJob: (random) =>
    named(random, 'batch/v1', 'CronJob', {
      spec: {
        schedule: random.pick(['0 3 * * *', '*/15 * * * *', '@daily', '30 2 * * 1-5']),
        timeZone: random.pick(['Europe/Berlin', 'Etc/UTC']),
        concurrencyPolicy: random.pick(['Forbid', 'Replace', 'Allow']),
        startingDeadlineSeconds: 300,
        successfulJobsHistoryLimit: 3,
        failedJobsHistoryLimit: 1,
        jobTemplate: { spec: jobSpec(random) },
      },
    }),
  Service: (random) =>
    named(random, 'v1', 'Service', {
      spec: {
        selector: LABELS,
        ...random.pick<JsonMap>([
          {},
          { clusterIP: 'None' },
          { type: 'NodePort' },
          { type: 'LoadBalancer', externalTrafficPolicy: 'Local', loadBalancerSourceRanges: ['10.0.0.0/8'] },
        ]),
        sessionAffinity: random.pick(['None', 'None', 'ClientIP']),
        ports: [
          { name: 'http', port: 80, targetPort: 'http', protocol: 'TCP' },
          { name: 'metrics', port: 9090, targetPort: 8081, appProtocol: 'http' },
        ],
      },
    }),
  Ingress: (random) =>
    named(random, 'networking.k8s.io/v1', 'Ingress', {
      spec: {
        ingressClassName: 'traefik',
        tls: [{ hosts: ['qna.example.test', '*.qna.example.test'], secretName: 'qna-tls' }],
        rules: [
          {
            host: random.pick(['qna.example.test', '*.example.test']),
            http: {
              paths: [
                {
                  path: '/',
                  pathType: random.pick(['Prefix', 'Exact', 'ImplementationSpecific']),
                  backend: { service: { name: 'qna', port: random.pick([{ name: 'http' }, { number: 80 }]) } },
                },
              ],
            },
          },
        ],
        ...(random.chance(0.3) ? { defaultBackend: { service: { name: 'fallback', port: { number: 80 } } } } : {}),
      },
    }),
  IngressClass: (random) =>
    named(random, 'networking.k8s.io/v1', 'IngressClass', { spec: { controller: 'traefik.io/ingress-controller' } }),
  NetworkPolicy: (random) =>
    named(random, 'networking.k8s.io/v1', 'NetworkPolicy', {
      spec: {
        podSelector: { matchLabels: LABELS, matchExpressions: [{ key: 'tier', operator: 'In', values: ['api'] }] },
        policyTypes: ['Ingress', 'Egress'],
        ingress: [
          {
            from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'edge' } }, podSelector: {} }],
            ports: [{ protocol: 'TCP', port: 'http' }],
          },
        ],
        egress: [
          {
            to: [{ ipBlock: { cidr: '0.0.0.0/0', except: ['169.254.169.254/32'] } }],
            ports: [{ protocol: 'TCP', port: 443 }],
          },
          {
            ports: [
              { protocol: 'UDP', port: 53 },
              { protocol: 'TCP', port: 8000, endPort: 8010 },
            ],
          },
        ],
      },
    }),
  ConfigMap: (random) =>
    named(random, 'v1', 'ConfigMap', {
      data: { LOG_LEVEL: 'info', 'settings.yaml': 'a: 1\n', [`KEY_${random.between(0, 9)}`]: 'x' },
      ...(random.chance(0.3) ? { binaryData: { logo: 'aGVsbG8=' } } : {}),
      ...(random.chance(0.3) ? { immutable: true } : {}),
    }),
  Secret: (random) =>
    named(
      random,
      'v1',
      'Secret',
      random.pick<JsonMap>([
        { type: 'Opaque', data: { openai: 'c2stdGVzdA==' }, stringData: { password: 'x' } },
        { type: 'kubernetes.io/tls', data: { 'tls.crt': 'eA==', 'tls.key': 'eA==' } },
        { type: 'kubernetes.io/basic-auth', stringData: { username: 'qna', password: 'x' } },
        { type: 'kubernetes.io/dockerconfigjson', stringData: { '.dockerconfigjson': '{"auths":{}}' } },
      ]),
    ),
  ServiceAccount: (random) =>
    named(random, 'v1', 'ServiceAccount', {
      automountServiceAccountToken: false,
      imagePullSecrets: [{ name: 'registry' }],
    }),
  PersistentVolumeClaim: (random) => named(random, 'v1', 'PersistentVolumeClaim', { spec: claimSpec(random) }),
  PersistentVolume: (random) =>
    named(random, 'v1', 'PersistentVolume', {
      spec: {
        capacity: { storage: '10Gi' },
        accessModes: ['ReadWriteOnce'],
        persistentVolumeReclaimPolicy: random.pick(['Retain', 'Delete']),
        storageClassName: 'fast',
        ...random.pick<JsonMap>([
          { nfs: { server: 'nfs.example.test', path: '/export' } },
          { csi: { driver: 'disk.example.test', volumeHandle: 'disk-1' } },
          { hostPath: { path: '/srv/data' } },
        ]),
      },
    }),
  StorageClass: (random) =>
    named(random, 'storage.k8s.io/v1', 'StorageClass', {
      provisioner: 'disk.example.test',
      reclaimPolicy: random.pick(['Retain', 'Delete']),
      volumeBindingMode: random.pick(['Immediate', 'WaitForFirstConsumer']),
      allowVolumeExpansion: true,
      parameters: { type: 'ssd' },
    }),
  PodDisruptionBudget: (random) =>
    named(random, 'policy/v1', 'PodDisruptionBudget', {
      spec: {
        selector: { matchLabels: LABELS },
        ...random.pick<JsonMap>([{ minAvailable: 1 }, { maxUnavailable: '50%' }]),
        ...(random.chance(0.4) ? { unhealthyPodEvictionPolicy: 'AlwaysAllow' } : {}),
      },
    }),
  HorizontalPodAutoscaler: (random) =>
    named(random, 'autoscaling/v2', 'HorizontalPodAutoscaler', {
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'qna' },
        minReplicas: 2,
        maxReplicas: random.between(3, 20),
        metrics: [
          { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } } },
          ...(random.chance(0.5)
            ? [
                {
                  type: 'Pods',
                  pods: { metric: { name: 'queue' }, target: { type: 'AverageValue', averageValue: '10' } },
                },
              ]
            : []),
        ],
        behavior: {
          scaleDown: { stabilizationWindowSeconds: 300, policies: [{ type: 'Percent', value: 50, periodSeconds: 60 }] },
        },
      },
    }),
  Role: (random) =>
    named(random, 'rbac.authorization.k8s.io/v1', 'Role', {
      rules: [{ apiGroups: [''], resources: ['configmaps'], verbs: ['get', 'list'], resourceNames: ['settings'] }],
    }),
  ClusterRole: (random) =>
    named(random, 'rbac.authorization.k8s.io/v1', 'ClusterRole', {
      rules: [
        { apiGroups: ['apps'], resources: ['deployments'], verbs: ['get'] },
        { nonResourceURLs: ['/metrics'], verbs: ['get'] },
      ],
    }),
  RoleBinding: (random) =>
    named(random, 'rbac.authorization.k8s.io/v1', 'RoleBinding', {
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: random.pick(['Role', 'ClusterRole']), name: 'reader' },
      subjects: [subject],
    }),
  ClusterRoleBinding: (random) =>
    named(random, 'rbac.authorization.k8s.io/v1', 'ClusterRoleBinding', {
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'reader' },
      subjects: [subject, { kind: 'Group', name: 'platform', apiGroup: 'rbac.authorization.k8s.io' }],
    }),
  Namespace: (random) => named(random, 'v1', 'Namespace', {}),
  PriorityClass: (random) =>
    named(random, 'scheduling.k8s.io/v1', 'PriorityClass', {
      value: random.between(1, 100000),
      description: 'answers',
    }),
  ResourceQuota: (random) =>
    named(random, 'v1', 'ResourceQuota', {
      spec: { hard: { 'requests.cpu': '4', 'limits.memory': '8Gi', pods: '20', persistentvolumeclaims: 4 } },
    }),
  LimitRange: (random) =>
    named(random, 'v1', 'LimitRange', {
      spec: {
        limits: [
          {
            type: 'Container',
            default: { memory: '512Mi' },
            defaultRequest: { memory: '256Mi' },
            max: { memory: '2Gi' },
            min: { memory: '64Mi' },
          },
        ],
      },
    }),
  Certificate: (random) =>
    named(random, 'cert-manager.io/v1', 'Certificate', {
      spec: {
        secretName: 'qna-tls',
        dnsNames: ['qna.example.test'],
        issuerRef: { name: 'letsencrypt', kind: 'ClusterIssuer', group: 'cert-manager.io' },
        privateKey: { algorithm: random.pick(['RSA', 'ECDSA']), rotationPolicy: 'Always' },
        usages: ['server auth'],
      },
    }),
  Issuer: (random) => named(random, 'cert-manager.io/v1', 'Issuer', { spec: { ca: { secretName: 'ca' } } }),
  Gateway: (random) =>
    named(random, 'gateway.networking.k8s.io/v1', 'Gateway', {
      spec: {
        gatewayClassName: 'traefik',
        listeners: [
          { name: 'http', protocol: 'HTTP', port: 80, hostname: 'qna.example.test' },
          {
            name: 'https',
            protocol: 'HTTPS',
            port: 443,
            hostname: 'qna.example.test',
            tls: { mode: 'Terminate', certificateRefs: [{ kind: 'Secret', name: 'qna-tls' }] },
            allowedRoutes: { namespaces: { from: random.pick(['Same', 'All']) } },
          },
        ],
      },
    }),
  HTTPRoute: (random) =>
    named(random, 'gateway.networking.k8s.io/v1', 'HTTPRoute', {
      spec: {
        parentRefs: [{ name: 'edge', sectionName: 'https' }],
        hostnames: ['qna.example.test'],
        rules: [
          {
            matches: [{ path: { type: 'PathPrefix', value: '/' } }],
            timeouts: { request: '60s', backendRequest: '30s' },
            backendRefs: [{ name: 'qna', port: random.between(80, 8080), weight: 1 }],
          },
        ],
      },
    }),
  ServiceMonitor: (random) =>
    named(random, 'monitoring.coreos.com/v1', 'ServiceMonitor', {
      spec: {
        selector: { matchLabels: LABELS },
        endpoints: [{ port: 'metrics', path: '/metrics', interval: random.pick(['15s', '1m']), scheme: 'http' }],
      },
    }),
  PrometheusRule: (random) =>
    named(random, 'monitoring.coreos.com/v1', 'PrometheusRule', {
      spec: {
        groups: [
          {
            name: 'qna',
            rules: [{ alert: 'Errors', expr: 'rate(errors_total[5m]) > 1', for: random.pick(['5m', '1h']) }],
          },
        ],
      },
    }),
  VolumeSnapshot: (random) =>
    named(random, 'snapshot.storage.k8s.io/v1', 'VolumeSnapshot', {
      spec: {
        volumeSnapshotClassName: 'fast',
        source: random.pick<JsonMap>([{ persistentVolumeClaimName: 'data' }, { volumeSnapshotContentName: 'content' }]),
      },
    }),
} as const satisfies Readonly<Record<string, Maker>>;

export type MadeKind = keyof typeof MAKERS;
