import type { Json, JsonMap } from './json.ts';
import type { Random } from './random.ts';

/** A pod spec as services have it: a main container, often a sidecar, volumes that are mounted, probes and limits. */
export function podSpec(random: Random, restartPolicy: string): JsonMap {
  const serves = restartPolicy === 'Always';
  const volumes: Json[] = [
    { name: 'tmp', emptyDir: random.chance(0.5) ? {} : { sizeLimit: '64Mi', medium: 'Memory' } },
  ];
  if (random.chance(0.7)) volumes.push({ name: 'config', configMap: { name: 'settings', defaultMode: 0o440 } });
  if (random.chance(0.6))
    volumes.push({ name: 'keys', secret: { secretName: 'keys', items: [{ key: 'tls.crt', path: 'certs/tls.crt' }] } });
  if (random.chance(0.4)) volumes.push({ name: 'data', persistentVolumeClaim: { claimName: 'data' } });
  if (random.chance(0.3))
    volumes.push({
      name: 'identity',
      projected: {
        sources: [
          { serviceAccountToken: { path: 'token', expirationSeconds: 3600, audience: 'vault' } },
          { configMap: { name: 'ca', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
          { downwardAPI: { items: [{ path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } }] } },
        ],
      },
    });
  const mounts = volumes.map((volume): Json => {
    const { name } = volume as JsonMap;
    return { name: name ?? '', mountPath: `/mnt/${String(name)}`, readOnly: name === 'keys' };
  });
  const spec: JsonMap = {
    restartPolicy,
    serviceAccountName: 'qna',
    automountServiceAccountToken: false,
    terminationGracePeriodSeconds: random.between(10, 120),
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 10001,
      fsGroup: 10001,
      seccompProfile: { type: 'RuntimeDefault' },
    },
    containers: [container(random, 'api', mounts, serves)],
    volumes,
  };
  const containers = spec.containers as Json[];
  if (random.chance(0.4))
    containers.push({
      name: 'proxy',
      image: 'registry.example.test:5000/proxy@sha256:'.concat('0'.repeat(64)),
      ports: [{ name: 'metrics', containerPort: 9113 }],
      volumeMounts: [{ name: 'tmp', mountPath: '/var/run', subPath: 'proxy' }],
    });
  if (random.chance(0.5))
    spec.initContainers = [
      {
        name: 'migrate',
        image: 'registry.example.test/qna:1.4.2',
        command: ['node', 'migrate.js'],
        volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
        ...(random.chance(0.4) ? { restartPolicy: 'Always' } : {}),
      },
    ];
  if (random.chance(0.5))
    spec.topologySpreadConstraints = [
      {
        maxSkew: 1,
        topologyKey: 'kubernetes.io/hostname',
        whenUnsatisfiable: random.pick(['DoNotSchedule', 'ScheduleAnyway']),
        labelSelector: { matchLabels: { app: 'qna' } },
      },
    ];
  if (random.chance(0.4)) spec.affinity = affinity(random);
  if (random.chance(0.4))
    spec.tolerations = [
      { key: 'dedicated', operator: 'Equal', value: 'llm', effect: 'NoSchedule' },
      { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 60 },
    ];
  if (random.chance(0.3)) spec.imagePullSecrets = [{ name: 'registry' }];
  if (random.chance(0.3)) spec.nodeSelector = { 'kubernetes.io/os': 'linux' };
  if (random.chance(0.2)) spec.hostAliases = [{ ip: '10.1.2.3', hostnames: ['db.example.test'] }];
  if (random.chance(0.2)) spec.dnsConfig = { nameservers: ['10.96.0.10'], options: [{ name: 'ndots', value: '2' }] };
  return spec;
}

function container(random: Random, name: string, volumeMounts: Json[], serves: boolean): JsonMap {
  const main: JsonMap = {
    name,
    image: `registry.example.test/qna:1.${random.between(0, 20)}.${random.between(0, 9)}`,
    imagePullPolicy: random.pick(['IfNotPresent', 'Always']),
    env: [
      { name: 'PORT', value: '8080' },
      { name: 'OPENAI_API_KEY', valueFrom: { secretKeyRef: { name: 'keys', key: 'openai' } } },
      { name: 'LOG_LEVEL', valueFrom: { configMapKeyRef: { name: 'settings', key: 'log.level', optional: true } } },
      { name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
      { name: 'MEMORY', valueFrom: { resourceFieldRef: { resource: 'limits.memory', divisor: '1Mi' } } },
    ],
    envFrom: [{ configMapRef: { name: 'settings' } }, { prefix: 'DB_', secretRef: { name: 'database' } }],
    ports: [
      { name: 'http', containerPort: 8080, protocol: 'TCP' },
      { name: 'admin', containerPort: 8081 },
    ],
    resources: {
      requests: { cpu: random.pick(['100m', '0.5', 1]), memory: '256Mi', 'ephemeral-storage': '64Mi' },
      limits: { cpu: '2', memory: random.pick(['512Mi', '1Gi', '1e9']), 'ephemeral-storage': '1Gi' },
    },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    },
    volumeMounts,
  };
  if (!serves) return main;
  return {
    ...main,
    livenessProbe: { httpGet: { path: '/health/live', port: 'http' }, periodSeconds: 10, failureThreshold: 6 },
    readinessProbe: {
      httpGet: { path: '/health/ready', port: 8080, httpHeaders: [{ name: 'X-Probe', value: 'kubelet' }] },
      timeoutSeconds: 2,
    },
    startupProbe: random.pick<JsonMap>([
      { tcpSocket: { port: 'http' }, failureThreshold: 30 },
      { exec: { command: ['cat', '/tmp/started'] }, periodSeconds: 2 },
      { grpc: { port: 8080 }, failureThreshold: 30 },
    ]),
    lifecycle: { preStop: random.pick<JsonMap>([{ sleep: { seconds: 5 } }, { exec: { command: ['sleep', '5'] } }]) },
  };
}

function affinity(random: Random): JsonMap {
  const term = { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app: 'qna' } } };
  return {
    podAntiAffinity: random.chance(0.5)
      ? { requiredDuringSchedulingIgnoredDuringExecution: [term] }
      : { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm: term }] },
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchExpressions: [{ key: 'gpu', operator: 'In', values: ['a100', 'h100'] }] }],
      },
    },
  };
}
