/** An object, and the path that it is created at. */
export interface FleetObject {
  readonly path: string;
  readonly object: Readonly<Record<string, unknown>> & { readonly metadata: Readonly<Record<string, unknown>> };
}

const PODS_OF_APP = 5;
/** The same in each namespace, as where many teams take the same charts. */
const APPS = ['answers', 'search'] as const;
/** Not every team is reached from outside, and not every pod has just been heard of. */
const NAMESPACES_WITH_INGRESS = 5;

/**
 * The objects of a fleet with so many pods, less those of a smaller one, in waves: what lives in a namespace needs it first. Each namespace has two
 * applications of five pods, with what a careful team writes beside them; the pods are as large as the ones of a real service.
 */
export function fleetOf(pods: number, already = 0): readonly (readonly FleetObject[])[] {
  const namespaces = Array.from({ length: namespacesOf(pods) }, (_, index) => `team-${index}`).slice(
    namespacesOf(already),
  );
  return [
    namespaces.map((name) => created('/api/v1/namespaces', 'v1', 'Namespace', { name }, {})),
    // Pods are refused until their namespace has its ServiceAccount.
    namespaces.flatMap((namespace) =>
      ['default', ...APPS].map((name) =>
        inNamespace(namespace, 'serviceaccounts', 'v1', 'ServiceAccount', { name }, {}),
      ),
    ),
    namespaces.flatMap((namespace, index) => [
      ...APPS.flatMap((app) => objectsOfApp(namespace, app)),
      ...objectsOfTeam(namespace),
      ...(index % NAMESPACES_WITH_INGRESS === 0 ? [ingress(namespace)] : []),
    ]),
  ];
}

function namespacesOf(pods: number): number {
  return Math.ceil(pods / PODS_OF_APP / APPS.length);
}

function objectsOfApp(namespace: string, app: string): readonly FleetObject[] {
  const template = templateOf(namespace, app);
  const set = { name: `${app}-5f7d9c6b8d`, uid: `00000000-0000-4000-8000-${hexOf(app)}` };
  return [
    inNamespace(
      namespace,
      'deployments',
      'apps/v1',
      'Deployment',
      { name: app, labels: labelsOf(app) },
      {
        spec: { replicas: PODS_OF_APP, selector: { matchLabels: { app } }, template },
      },
    ),
    inNamespace(
      namespace,
      'services',
      'v1',
      'Service',
      { name: app, labels: labelsOf(app) },
      {
        spec: { selector: { app }, ports: [{ name: 'http', port: 80, targetPort: 'http' }] },
      },
    ),
    inNamespace(
      namespace,
      'configmaps',
      'v1',
      'ConfigMap',
      { name: app, labels: labelsOf(app) },
      {
        data: {
          PORT: '8080',
          LOG_LEVEL: 'info',
          'application.yaml': 'retrieval:\n  documents: 8\n  minimum: 0.7\n'.repeat(20),
        },
      },
    ),
    inNamespace(namespace, 'endpointslices', 'discovery.k8s.io/v1', 'EndpointSlice', sliceMeta(app), {
      addressType: 'IPv4',
      ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
      endpoints: podNames(app).map((name, index) => ({
        addresses: [`10.88.0.${index + 10}`],
        conditions: { ready: true, serving: true, terminating: false },
        targetRef: { kind: 'Pod', namespace, name },
      })),
    }),
    ...podNames(app).map((name) =>
      inNamespace(
        namespace,
        'pods',
        'v1',
        'Pod',
        {
          name,
          labels: { ...template.metadata.labels, 'pod-template-hash': '5f7d9c6b8d' },
          ownerReferences: [
            { apiVersion: 'apps/v1', kind: 'ReplicaSet', ...set, controller: true, blockOwnerDeletion: true },
          ],
        },
        { spec: template.spec },
      ),
    ),
    event(namespace, podNames(app)[0] ?? app),
  ];
}

function objectsOfTeam(namespace: string): readonly FleetObject[] {
  const [app] = APPS;
  return [
    inNamespace(
      namespace,
      'secrets',
      'v1',
      'Secret',
      { name: 'credentials' },
      {
        type: 'Opaque',
        stringData: { DATABASE_URL: `postgres://${namespace}@db:5432/qna`, OPENAI_API_KEY: `key-of-${namespace}` },
      },
    ),
    inNamespace(
      namespace,
      'poddisruptionbudgets',
      'policy/v1',
      'PodDisruptionBudget',
      { name: app },
      {
        spec: { maxUnavailable: 1, selector: { matchLabels: { app } } },
      },
    ),
    inNamespace(
      namespace,
      'networkpolicies',
      'networking.k8s.io/v1',
      'NetworkPolicy',
      { name: app },
      {
        spec: {
          podSelector: { matchLabels: { app } },
          policyTypes: ['Ingress'],
          ingress: [{ ports: [{ port: 8080 }] }],
        },
      },
    ),
  ];
}

function ingress(namespace: string): FleetObject {
  const [app] = APPS;
  const backend = { service: { name: app, port: { number: 80 } } };
  return inNamespace(
    namespace,
    'ingresses',
    'networking.k8s.io/v1',
    'Ingress',
    { name: app },
    {
      spec: {
        ingressClassName: 'traefik',
        tls: [{ hosts: [`${namespace}.example.com`], secretName: 'tls' }],
        rules: [{ host: `${namespace}.example.com`, http: { paths: [{ path: '/', pathType: 'Prefix', backend }] } }],
      },
    },
  );
}

function event(namespace: string, pod: string): FleetObject {
  return inNamespace(
    namespace,
    'events',
    'v1',
    'Event',
    { name: `${pod}.17f1` },
    {
      type: 'Warning',
      reason: 'FailedScheduling',
      message: 'no scheduler of the name none is there to place the pod',
      involvedObject: { apiVersion: 'v1', kind: 'Pod', namespace, name: pod },
      source: { component: 'bench' },
    },
  );
}

function templateOf(namespace: string, app: string) {
  const security = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } };
  const variables = Array.from({ length: 12 }, (_, index) => ({ name: `SETTING_${index}`, value: `value-${index}` }));
  return {
    metadata: { labels: labelsOf(app) },
    spec: {
      // Nobody of this name runs, so that the pods stay where they are, and need no node.
      schedulerName: 'none',
      serviceAccountName: app,
      terminationGracePeriodSeconds: 75,
      securityContext: { runAsNonRoot: true, runAsUser: 10001, seccompProfile: { type: 'RuntimeDefault' } },
      containers: [
        {
          name: 'api',
          image: `registry.example.com/${namespace}/${app}:1.4.2`,
          ports: [{ name: 'http', containerPort: 8080 }],
          env: [
            ...variables,
            { name: 'PORT', valueFrom: { configMapKeyRef: { name: app, key: 'PORT' } } },
            { name: 'DATABASE_URL', valueFrom: { secretKeyRef: { name: 'credentials', key: 'DATABASE_URL' } } },
            { name: 'OPENAI_API_KEY', valueFrom: { secretKeyRef: { name: 'credentials', key: 'OPENAI_API_KEY' } } },
            { name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
          ],
          resources: { requests: { cpu: '100m', memory: '256Mi' }, limits: { memory: '256Mi' } },
          startupProbe: { httpGet: { path: '/health/live', port: 'http' }, failureThreshold: 30, periodSeconds: 2 },
          readinessProbe: { httpGet: { path: '/health/ready', port: 'http' }, periodSeconds: 5 },
          livenessProbe: { httpGet: { path: '/health/live', port: 'http' }, failureThreshold: 6 },
          lifecycle: { preStop: { sleep: { seconds: 5 } } },
          securityContext: { ...security, readOnlyRootFilesystem: true },
          volumeMounts: [
            { name: 'tmp', mountPath: '/tmp' },
            { name: 'settings', mountPath: '/etc/answers' },
          ],
        },
        {
          name: 'proxy',
          image: 'registry.example.com/platform/proxy:3.1.0',
          args: ['--upstream=127.0.0.1:8080', '--listen=:8443'],
          ports: [{ name: 'https', containerPort: 8443 }],
          resources: { requests: { cpu: '50m', memory: '64Mi' }, limits: { memory: '64Mi' } },
          securityContext: security,
        },
      ],
      volumes: [
        { name: 'tmp', emptyDir: { sizeLimit: '64Mi' } },
        { name: 'settings', configMap: { name: app } },
      ],
    },
  };
}

function labelsOf(app: string) {
  return {
    app,
    'app.kubernetes.io/name': app,
    'app.kubernetes.io/part-of': 'answers',
    'app.kubernetes.io/version': '1.4.2',
  };
}

function sliceMeta(app: string) {
  return { name: `${app}-x1`, labels: { ...labelsOf(app), 'kubernetes.io/service-name': app } };
}

function podNames(app: string): readonly string[] {
  return Array.from({ length: PODS_OF_APP }, (_, index) => `${app}-5f7d9c6b8d-x${index}`);
}

/** Twelve digits that tell applications apart. */
function hexOf(app: string): string {
  return Buffer.from(app).toString('hex').slice(-12).padStart(12, '0');
}

function inNamespace(
  namespace: string,
  plural: string,
  apiVersion: string,
  kind: string,
  metadata: Readonly<Record<string, unknown>>,
  content: Readonly<Record<string, unknown>>,
): FleetObject {
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  return created(`${root}/namespaces/${namespace}/${plural}`, apiVersion, kind, { ...metadata, namespace }, content);
}

function created(
  path: string,
  apiVersion: string,
  kind: string,
  metadata: Readonly<Record<string, unknown>>,
  content: Readonly<Record<string, unknown>>,
): FleetObject {
  return { path, object: { apiVersion, kind, metadata, ...content } };
}
