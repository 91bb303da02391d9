/** What the tests of drift apply, file by file, and change afterwards in the cluster. */
export const DECLARED: Readonly<Record<string, string>> = {
  'k8s/deployment.yaml': `apiVersion: apps/v1
kind: Deployment
metadata:
  name: qna
  labels: { tier: web }
spec:
  replicas: 2
  selector: { matchLabels: { app: qna } }
  template:
    metadata:
      labels: { app: qna }
    spec:
      containers:
        - name: qna
          image: registry.example/qna:1
          args: [serve, --verbose]
          env:
            - { name: LOG_LEVEL, value: info }
            - { name: OLD_SETTING, value: "1" }
            - name: PASSWORD
              valueFrom: { secretKeyRef: { name: qna, key: PASSWORD } }
          ports: [{ name: http, containerPort: 8080 }]
          resources:
            requests: { cpu: 500m, memory: 512Mi }
            limits: { cpu: 1000m, memory: 1024Mi }
          livenessProbe: { httpGet: { path: /health/live, port: http } }
          volumeMounts: [{ name: tmp, mountPath: /tmp }]
      volumes: [{ name: tmp, emptyDir: {} }]
`,
  'k8s/scaled.yaml': `apiVersion: apps/v1
kind: Deployment
metadata: { name: scaled }
spec:
  replicas: 2
  selector: { matchLabels: { app: scaled } }
  template:
    metadata: { labels: { app: scaled } }
    spec: { containers: [{ name: scaled, image: "registry.example/qna:1" }] }
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: scaled }
spec:
  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: scaled }
  minReplicas: 2
  maxReplicas: 9
  metrics: [{ type: Resource, resource: { name: cpu, target: { type: Utilization, averageUtilization: 70 } } }]
`,
  'k8s/service.yaml': `apiVersion: v1
kind: Service
metadata: { name: qna }
spec:
  selector: { app: qna }
  ports: [{ name: http, port: 80, targetPort: http }]
`,
  'k8s/settings.yaml': `apiVersion: v1
kind: ConfigMap
metadata: { name: qna }
data:
  MODE: strict
  API_TOKEN: declared-c4nary-token
  settings.ini: |
    colour=blue
    size=3
`,
  'k8s/secret.yaml': `apiVersion: v1
kind: Secret
metadata: { name: qna }
stringData:
  PASSWORD: declared-c4nary-password
  EXAMPLE: change-me
`,
  'k8s/policy.yaml': `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: qna }
spec:
  podSelector: { matchLabels: { app: qna } }
  policyTypes: [Ingress]
  ingress: [{ from: [{ podSelector: {} }], ports: [{ port: 8080 }] }]
`,
  'k8s/database.yaml': `apiVersion: apps/v1
kind: StatefulSet
metadata: { name: database }
spec:
  serviceName: database
  selector: { matchLabels: { app: database } }
  template:
    metadata: { labels: { app: database } }
    spec: { containers: [{ name: database, image: "registry.example/postgres:18" }] }
  volumeClaimTemplates:
    - metadata: { name: data }
      spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } }
`,
};

/** A change, and how it must be told. */
export interface Edit {
  readonly tells: string;
  /** kubectl, in the namespace. */
  readonly kubectl?: readonly string[];
  /** What is changed in a file after it was applied. */
  readonly file?: { readonly name: string; readonly from: string; readonly to: string };
  /** Subjects without the namespace, with what is observed and expected. */
  readonly told: readonly (readonly [subject: string, observed: string | RegExp, expected: string | RegExp])[];
  readonly severity?: 'note';
}

const json = (...operations: readonly object[]) => ['--type=json', `--patch=${JSON.stringify(operations)}`];
const CONTAINER = 'Deployment qna spec.template.spec.containers[name=qna]';
const HASH = /^hmac-sha256:[0-9a-f]{32}$/;

export const EDITS: readonly Edit[] = [
  {
    tells: 'another image',
    kubectl: ['set', 'image', 'deployment/qna', 'qna=registry.example/qna:2'],
    told: [[`${CONTAINER}.image`, 'registry.example/qna:2', 'registry.example/qna:1']],
  },
  {
    tells: 'other replicas',
    kubectl: ['scale', 'deployment/qna', '--replicas=5'],
    told: [['Deployment qna spec.replicas', '5', '2']],
  },
  {
    tells: 'another value in the environment',
    kubectl: ['set', 'env', 'deployment/qna', 'LOG_LEVEL=debug'],
    told: [[`${CONTAINER}.env[name=LOG_LEVEL].value`, 'debug', 'info']],
  },
  {
    tells: 'a variable that no file has',
    kubectl: ['set', 'env', 'deployment/qna', 'DEBUG=1'],
    told: [[`${CONTAINER}.env[name=DEBUG]`, '{"name":"DEBUG","value":"1"}', 'nothing']],
  },
  {
    tells: 'another label',
    kubectl: ['label', 'deployment/qna', 'tier=other', '--overwrite'],
    told: [['Deployment qna metadata.labels.tier', 'other', 'web']],
  },
  {
    tells: 'a label that no file has',
    kubectl: ['label', 'service/qna', 'owner=somebody'],
    told: [['Service qna metadata.labels.owner', 'somebody', 'nothing']],
  },
  {
    tells: 'other arguments',
    kubectl: [
      'patch',
      'deployment/qna',
      ...json({ op: 'replace', path: '/spec/template/spec/containers/0/args', value: ['serve'] }),
    ],
    told: [[`${CONTAINER}.args`, '["serve"]', '["serve","--verbose"]']],
  },
  {
    tells: 'a setting that is gone',
    kubectl: ['patch', 'configmap/qna', ...json({ op: 'remove', path: '/data/MODE' })],
    told: [['ConfigMap qna data.MODE', 'nothing', 'strict']],
  },
  {
    tells: 'another line of a file of settings',
    kubectl: ['patch', 'configmap/qna', '--type=merge', '--patch={"data":{"settings.ini":"colour=blue\\nsize=4\\n"}}'],
    told: [['ConfigMap qna data["settings.ini"]', 'line 2: size=4', 'line 2: size=3']],
  },
  {
    tells: 'a credential in a ConfigMap, without the credential',
    kubectl: ['patch', 'configmap/qna', '--type=merge', '--patch={"data":{"API_TOKEN":"live-c4nary-token"}}'],
    told: [['ConfigMap qna data.API_TOKEN', HASH, HASH]],
  },
  {
    tells: "a Secret's value, without the value",
    kubectl: ['patch', 'secret/qna', '--type=merge', '--patch={"stringData":{"PASSWORD":"live-c4nary-password"}}'],
    told: [['Secret qna data.PASSWORD', HASH, HASH]],
  },
  {
    tells: 'a key of a Secret that no file has',
    kubectl: ['patch', 'secret/qna', '--type=merge', '--patch={"stringData":{"MORE":"live-c4nary-more"}}'],
    told: [['Secret qna data.MORE', HASH, 'nothing']],
  },
  {
    tells: 'a key of a Secret that is gone',
    kubectl: ['patch', 'secret/qna', ...json({ op: 'remove', path: '/data/PASSWORD' })],
    told: [['Secret qna data.PASSWORD', 'nothing', HASH]],
  },
  {
    tells: 'nothing where the file has a placeholder',
    kubectl: ['patch', 'secret/qna', '--type=merge', '--patch={"stringData":{"EXAMPLE":"live-c4nary-example"}}'],
    told: [],
  },
  {
    tells: 'a probe that was taken away',
    kubectl: [
      'patch',
      'deployment/qna',
      ...json({ op: 'remove', path: '/spec/template/spec/containers/0/livenessProbe' }),
    ],
    told: [[`${CONTAINER}.livenessProbe`, 'nothing', '{"httpGet":{"path":"/health/live","port":"http"}}']],
  },
  {
    tells: 'another port of a Service',
    kubectl: ['patch', 'service/qna', ...json({ op: 'replace', path: '/spec/ports/0/port', value: 8081 })],
    told: [['Service qna spec.ports[port=8081].port', '8081', '80']],
  },
  {
    tells: 'a selector that takes fewer pods',
    kubectl: ['patch', 'service/qna', '--type=merge', '--patch={"spec":{"selector":{"track":"canary"}}}'],
    told: [['Service qna spec.selector.track', 'canary', 'nothing']],
  },
  {
    tells: 'another port of a container',
    kubectl: [
      'patch',
      'deployment/qna',
      ...json({ op: 'replace', path: '/spec/template/spec/containers/0/ports/0/containerPort', value: 9090 }),
    ],
    told: [[`${CONTAINER}.ports[containerPort=9090].containerPort`, '9090', '8080']],
  },
  {
    tells: 'more memory',
    kubectl: ['set', 'resources', 'deployment/qna', '--limits=cpu=1,memory=2Gi'],
    told: [[`${CONTAINER}.resources.limits.memory`, '2Gi', '1024Mi']],
  },
  {
    tells: 'nothing where a quantity is written otherwise',
    kubectl: ['set', 'resources', 'deployment/qna', '--limits=cpu=1,memory=1Gi'],
    told: [],
  },
  {
    tells: 'nothing where an autoscaler has the replicas',
    kubectl: ['scale', 'deployment/scaled', '--replicas=7'],
    told: [],
  },
  {
    tells: 'nothing where somebody wrote what is the default',
    kubectl: ['patch', 'deployment/qna', '--patch={"spec":{"revisionHistoryLimit":10,"paused":false}}'],
    told: [],
  },
  {
    tells: 'nothing where a controller keeps its books',
    kubectl: ['annotate', 'deployment/qna', 'deployment.kubernetes.io/revision=9', '--overwrite'],
    told: [],
  },
  {
    tells: 'that pods were restarted by hand, as a note',
    kubectl: ['rollout', 'restart', 'deployment/qna'],
    told: [
      [
        'Deployment qna spec.template.metadata.annotations["kubectl.kubernetes.io/restartedAt"]',
        /^\d{4}-\d\d-\d\dT/,
        'nothing',
      ],
    ],
    severity: 'note',
  },
  {
    tells: 'a range of ports where one was opened',
    kubectl: [
      'patch',
      'networkpolicy/qna',
      ...json({ op: 'add', path: '/spec/ingress/0/ports/0/endPort', value: 9000 }),
    ],
    told: [['NetworkPolicy qna spec.ingress[0].ports[0].endPort', '9000', 'nothing']],
  },
  {
    tells: 'a peer that was let in',
    kubectl: [
      'patch',
      'networkpolicy/qna',
      ...json({ op: 'add', path: '/spec/ingress/0/from/-', value: { namespaceSelector: {} } }),
    ],
    told: [
      [
        'NetworkPolicy qna spec.ingress[0].from',
        '[{"podSelector":{}},{"namespaceSelector":{}}]',
        '[{"podSelector":{}}]',
      ],
    ],
  },
  {
    tells: 'an object that is gone',
    kubectl: ['delete', 'networkpolicy/qna'],
    told: [['NetworkPolicy qna', 'there is none', 'what k8s/policy.yaml:1:1 declares']],
  },
  {
    tells: 'a size that the server refuses to change',
    file: { name: 'k8s/database.yaml', from: 'storage: 1Gi', to: 'storage: 2Gi' },
    told: [['StatefulSet database spec.volumeClaimTemplates[0].spec.resources.requests.storage', '1Gi', '2Gi']],
  },
  {
    tells: 'what was taken out of a file and is still there',
    file: { name: 'k8s/deployment.yaml', from: '            - { name: OLD_SETTING, value: "1" }\n', to: '' },
    told: [[`${CONTAINER}.env[name=OLD_SETTING]`, '{"name":"OLD_SETTING","value":"1"}', 'nothing']],
  },
  {
    tells: 'what was written into a file and never applied',
    file: { name: 'k8s/deployment.yaml', from: '{ path: /health/live,', to: '{ path: /live,' },
    told: [[`${CONTAINER}.livenessProbe.httpGet.path`, '/health/live', '/live']],
  },
];
