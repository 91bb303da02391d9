import { describe, expect, it } from 'vitest';
import type { FactName, Snapshot } from '../../src/core/facts.ts';
import { DEFAULT_SETTINGS } from '../../src/core/settings.ts';
import { applicationsOf, knownAs } from '../../src/kubernetes/scope/applications.ts';
import { viewOf } from '../../src/kubernetes/scope/scope-facts.ts';
import { hostsOf, scopesOf } from '../../src/kubernetes/scope/scope-of.ts';
import { workloadsOf } from '../../src/kubernetes/workload.ts';
import { filesSource } from '../../src/sources/files/files-source.ts';

/** A Deployment with these labels, whose pods are labelled `run: NAME`; `more` goes into its container. */
function deployment(
  name: string,
  { labels = {}, more = '' }: { readonly labels?: object; readonly more?: string } = {},
) {
  return `apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: prod, labels: ${JSON.stringify(labels)} }
spec:
  selector: { matchLabels: { run: ${name} } }
  template:
    metadata: { labels: { run: ${name} } }
    spec:
      serviceAccountName: ${name}
      containers: [{ name: main, image: "example/${name}:1"${more === '' ? '' : `, ${more}`} }]
`;
}

const service = (name: string, selector: object) => `apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: prod }
spec: { selector: ${JSON.stringify(selector)}, ports: [{ port: 80 }] }
`;

const postgres = (name: string, namespace = 'prod', secret = `${name}-secret`) => `apiVersion: apps/v1
kind: StatefulSet
metadata: { name: ${name}, namespace: ${namespace} }
spec:
  serviceName: ${name}
  selector: { matchLabels: { run: ${name} } }
  template:
    metadata: { labels: { run: ${name} } }
    spec:
      containers:
        - name: postgres
          image: postgres:18
          env: [{ name: POSTGRES_PASSWORD, valueFrom: { secretKeyRef: { name: ${secret}, key: password } } }]
---
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: ${namespace} }
spec: { clusterIP: None, selector: { run: ${name} }, ports: [{ port: 5432 }] }
`;

const object = (kind: string, name: string, rest = '', apiVersion = 'v1') =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: ${name}, namespace: prod }\n${rest}\n`;

async function observe(...manifests: readonly string[]): Promise<Snapshot> {
  const source = filesSource({ paths: ['-'], cwd: '/', stdin: textOf(manifests.join('---\n')) });
  return source.collect(new Set<FactName>(source.provides), new AbortController().signal);
}

async function* textOf(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

/** What belongs to the application of a name, without the workload itself. */
async function scopeOf(name: string, ...manifests: readonly string[]): Promise<readonly string[]> {
  const view = viewOf(await observe(...manifests));
  const [application] = applicationsOf(knownAs(name, workloadsOf(view.facts)));
  if (application === undefined) throw new Error(`nothing is known as ${name}`);
  const scope = scopesOf([application], view, DEFAULT_SETTINGS).get(application) ?? new Set();
  // The files source tells of one object in more than one fact.
  return [...new Set([...scope].map(({ ref }) => ref))].filter((ref) => ref !== `Deployment prod/${name}`).sort();
}

const QNA = deployment('qna');
const FRONT = service('qna', { run: 'qna' });

describe('the name of an application', () => {
  it('is the first that its labels say, and its workload’s own where they say none', async () => {
    const { facts } = viewOf(
      await observe(
        deployment('a', { labels: { 'app.kubernetes.io/name': 'one', 'app.kubernetes.io/instance': 'eu', app: 'x' } }),
        deployment('b', { labels: { 'app.kubernetes.io/instance': 'two', app: 'y' } }),
        deployment('c', { labels: { app: 'three' } }),
        deployment('d'),
      ),
    );
    expect(applicationsOf(workloadsOf(facts)).map(({ name, why }) => [name, why])).toEqual([
      ['one', 'its label app.kubernetes.io/name says so'],
      ['two', 'its label app.kubernetes.io/instance says so'],
      ['three', 'its label app says so'],
      ['d', 'it is named so'],
    ]);
  });

  it('is the instance where one chart is installed several times, and one for all workloads of an instance', async () => {
    const chart = (instance: string) => ({ 'app.kubernetes.io/name': 'chart', 'app.kubernetes.io/instance': instance });
    const { facts } = viewOf(
      await observe(
        deployment('eu-web', { labels: chart('eu') }),
        deployment('eu-worker', { labels: chart('eu') }),
        deployment('us-web', { labels: chart('us') }),
      ),
    );
    expect(applicationsOf(workloadsOf(facts)).map(({ name, workloads }) => [name, workloads.length])).toEqual([
      ['eu', 2],
      ['us', 1],
    ]);
  });

  it('means one thing at a time: what an application is called before what a workload is', async () => {
    const named = { 'app.kubernetes.io/name': 'shop', app: 'web' };
    const { facts } = viewOf(
      await observe(
        deployment('qna'),
        deployment('web', { labels: { app: 'qna' } }),
        deployment('till', { labels: named }),
      ),
    );
    const known = (name: string) => knownAs(name, workloadsOf(facts)).map((workload) => workload.name);
    expect(known('qna')).toEqual(['qna', 'web']);
    expect(known('shop')).toEqual(['till']);
    expect(known('web')).toEqual(['till']);
    expect(known('till')).toEqual(['till']);
    expect(known('nobody')).toEqual([]);
  });
});

describe('the scope of an application', () => {
  it.each<readonly [string, readonly string[], readonly string[]]>([
    ['the Services that select its pods', [FRONT], ['Service prod/qna']],
    ['no Service of somebody else', [service('front', { run: 'qnaa' }), service('other', { x: 'y' })], []],
    [
      'the Service that has its name, though it selects nothing',
      [service('qna', { run: 'qnaa' })],
      ['Service prod/qna'],
    ],
    [
      'its account with what that may do',
      [
        object('ServiceAccount', 'qna'),
        object('Role', 'reader', 'rules: []', 'rbac.authorization.k8s.io/v1'),
        object(
          'RoleBinding',
          'readers',
          'roleRef: { kind: Role, name: reader }\nsubjects: [{ kind: ServiceAccount, name: qna, namespace: prod }]',
          'rbac.authorization.k8s.io/v1',
        ),
        object(
          'RoleBinding',
          'strangers',
          'roleRef: { kind: Role, name: reader }\nsubjects: [{ kind: ServiceAccount, name: other, namespace: prod }]',
          'rbac.authorization.k8s.io/v1',
        ),
      ],
      ['Role prod/reader', 'RoleBinding prod/readers', 'ServiceAccount prod/qna'],
    ],
    [
      'what scales, protects and isolates it',
      [
        object(
          'HorizontalPodAutoscaler',
          'scale',
          'spec: { scaleTargetRef: { kind: Deployment, name: qna } }',
          'autoscaling/v2',
        ),
        object(
          'HorizontalPodAutoscaler',
          'other',
          'spec: { scaleTargetRef: { kind: Deployment, name: web } }',
          'autoscaling/v2',
        ),
        object('PodDisruptionBudget', 'keep', 'spec: { selector: { matchLabels: { run: qna } } }', 'policy/v1'),
        object('NetworkPolicy', 'all', 'spec: { podSelector: {}, policyTypes: [Egress] }', 'networking.k8s.io/v1'),
        object('NetworkPolicy', 'web', 'spec: { podSelector: { matchLabels: { run: web } } }', 'networking.k8s.io/v1'),
      ],
      ['HorizontalPodAutoscaler prod/scale', 'NetworkPolicy prod/all', 'PodDisruptionBudget prod/keep'],
    ],
    [
      'what monitors it',
      [
        FRONT.replace('name: qna, namespace: prod', 'name: qna, namespace: prod, labels: { watch: me }'),
        object(
          'ServiceMonitor',
          'watched',
          'spec: { selector: { matchLabels: { watch: me } } }',
          'monitoring.coreos.com/v1',
        ),
        object(
          'ServiceMonitor',
          'elsewhere',
          'spec: { selector: { matchLabels: { watch: me } }, namespaceSelector: { matchNames: [dev] } }',
          'monitoring.coreos.com/v1',
        ),
        object('PodMonitor', 'pods', 'spec: { selector: { matchLabels: { run: qna } } }', 'monitoring.coreos.com/v1'),
      ],
      ['PodMonitor prod/pods', 'Service prod/qna', 'ServiceMonitor prod/watched'],
    ],
    [
      'the edge with its class and certificate',
      [
        FRONT,
        object(
          'Ingress',
          'edge',
          'spec: { ingressClassName: traefik, tls: [{ hosts: [a.example], secretName: edge-tls }], rules: [{ host: a.example, http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: qna, port: { number: 80 } } } }] } }] }',
          'networking.k8s.io/v1',
        ),
        'apiVersion: networking.k8s.io/v1\nkind: IngressClass\nmetadata: { name: traefik }\nspec: { controller: x }\n',
        'apiVersion: networking.k8s.io/v1\nkind: IngressClass\nmetadata: { name: other }\nspec: { controller: y }\n',
        object(
          'Certificate',
          'cert',
          'spec: { secretName: edge-tls, issuerRef: { kind: ClusterIssuer, name: ca } }',
          'cert-manager.io/v1',
        ),
        'apiVersion: cert-manager.io/v1\nkind: ClusterIssuer\nmetadata: { name: ca }\nspec: {}\n',
        object('Secret', 'edge-tls', 'type: kubernetes.io/tls'),
        object('Secret', 'other-tls', 'type: kubernetes.io/tls'),
      ],
      [
        'Certificate prod/cert',
        'ClusterIssuer ca',
        'Ingress prod/edge',
        'IngressClass traefik',
        'Secret prod/edge-tls',
        'Service prod/qna',
      ],
    ],
    [
      'a route with its Gateway',
      [
        FRONT,
        object(
          'HTTPRoute',
          'route',
          'spec: { parentRefs: [{ name: gate }], rules: [{ backendRefs: [{ name: qna, port: 80 }] }] }',
          'gateway.networking.k8s.io/v1',
        ),
        object(
          'Gateway',
          'gate',
          'spec: { gatewayClassName: g, listeners: [{ name: tls, port: 443, protocol: HTTPS, tls: { certificateRefs: [{ name: gate-tls }] } }] }',
          'gateway.networking.k8s.io/v1',
        ),
        object('Secret', 'gate-tls', 'type: kubernetes.io/tls'),
      ],
      ['Gateway prod/gate', 'HTTPRoute prod/route', 'Secret prod/gate-tls', 'Service prod/qna'],
    ],
    [
      'what is labelled as a part of it',
      [
        object('ConfigMap', 'extra').replace(
          'namespace: prod',
          'namespace: prod, labels: { app.kubernetes.io/part-of: qna }',
        ),
        object('ConfigMap', 'platform').replace(
          'namespace: prod',
          'namespace: prod, labels: { app.kubernetes.io/part-of: platform }',
        ),
      ],
      ['ConfigMap prod/extra'],
    ],
    [
      'the rules that name it, and those that name nobody',
      [
        deployment('web'),
        object(
          'PrometheusRule',
          'mine',
          'spec: { groups: [{ name: g, rules: [{ alert: Down, expr: "up{job=\'qna\'} == 0" }] }] }',
          'monitoring.coreos.com/v1',
        ),
        object(
          'PrometheusRule',
          'theirs',
          'spec: { groups: [{ name: g, rules: [{ alert: Down, expr: "up{job=\'web\'} == 0" }] }] }',
          'monitoring.coreos.com/v1',
        ),
        object(
          'PrometheusRule',
          'like-mine',
          "spec: { groups: [{ name: g, rules: [{ alert: Down, expr: \"up{job='web'} + up{job='qna-2'}\" }] }] }",
          'monitoring.coreos.com/v1',
        ),
        object(
          'PrometheusRule',
          'any',
          'spec: { groups: [{ name: g, rules: [{ alert: Down, expr: "up == 0" }] }] }',
          'monitoring.coreos.com/v1',
        ),
      ],
      ['PrometheusRule prod/any', 'PrometheusRule prod/mine'],
    ],
  ])('has %s', async (_, manifests, expected) => {
    expect(await scopeOf('qna', QNA, ...manifests)).toEqual(expected);
  });

  it('has what it names and mounts, and the recipes of that', async () => {
    const uses = deployment('qna', {
      more: 'envFrom: [{ secretRef: { name: made } }, { configMapRef: { name: settings } }]',
    }).replace(
      '      containers:',
      '      volumes: [{ name: d, persistentVolumeClaim: { claimName: data } }]\n      containers:',
    );
    const scope = await scopeOf(
      'qna',
      uses,
      object('Secret', 'other'),
      object('ConfigMap', 'settings'),
      object('ConfigMap', 'other'),
      object('PersistentVolumeClaim', 'data', 'spec: { accessModes: [ReadWriteOnce] }'),
      object('ExternalSecret', 'made', 'spec: { target: { name: made } }', 'external-secrets.io/v1'),
      object('ExternalSecret', 'others', 'spec: { target: { name: other } }', 'external-secrets.io/v1'),
    );
    expect(scope).toEqual(['ConfigMap prod/settings', 'ExternalSecret prod/made', 'PersistentVolumeClaim prod/data']);
  });

  it('does not draw another application in over a Service or an Ingress that both share', async () => {
    const shared = service('both', { tier: 'web' });
    const tiered = (name: string) =>
      deployment(name).replace(
        `labels: { run: ${name} } }\n    spec`,
        `labels: { run: ${name}, tier: web } }\n    spec`,
      );
    for (const name of ['qna', 'web']) {
      const scope = await scopeOf(name, tiered('qna'), tiered('web'), shared, object('ServiceAccount', 'web'));
      expect(scope).toEqual(name === 'web' ? ['Service prod/both', 'ServiceAccount prod/web'] : ['Service prod/both']);
    }
  });

  describe('has of several databases', () => {
    const env = (value: string) => `env: [{ name: DATABASE_URL, value: "${value}" }]`;
    const secret = (name: string) =>
      `env: [{ name: DATABASE_URL, valueFrom: { secretKeyRef: { name: ${name}, key: url } } }]`;
    it.each([
      ['the one that its connection string names', env('postgres://qna@two/qna'), ['two']],
      [
        'the one of the namespace that the host says',
        env('postgres://qna@two.other.svc.cluster.local:5432/qna'),
        ['two'],
      ],
      ['the pod that its host names', env('postgresql://one-0.one.prod.svc/qna'), ['one']],
      ['the one whose Secret it takes too', secret('one-secret'), ['one']],
      ['each, where nothing tells which', secret('qna-secret'), ['one', 'two']],
      ['each, where it names one that is not here', env('postgres://qna@db.example.com/qna'), ['one', 'two']],
    ])('%s', async (_, more, names) => {
      const elsewhere = more.includes('two.other') ? 'other' : 'prod';
      const scope = await scopeOf(
        'qna',
        deployment('qna', { more }),
        FRONT,
        postgres('one'),
        postgres('two', elsewhere),
      );
      const found = scope.filter((ref) => ref.startsWith('StatefulSet')).map((ref) => ref.split('/')[1]);
      expect(found).toEqual(names);
    });
  });

  it('has the backups of its database, and not those of another one', async () => {
    const backup = (name: string, host: string) =>
      object(
        'CronJob',
        name,
        `spec: { schedule: "0 1 * * *", jobTemplate: { spec: { template: { spec: { restartPolicy: Never, containers: [{ name: b, image: "postgres:18", command: [pg_dump, --host=${host}, -f, /x] }] } } } } }`,
        'batch/v1',
      );
    const scope = await scopeOf(
      'qna',
      deployment('qna', { more: 'env: [{ name: PGHOST, value: one }]' }),
      FRONT,
      postgres('one'),
      postgres('two'),
      backup('keep-one', 'one'),
      backup('keep-two', 'two'),
    );
    expect(scope).toEqual(['CronJob prod/keep-one', 'Service prod/one', 'Service prod/qna', 'StatefulSet prod/one']);
  });

  it('answers to the hosts of its routes', async () => {
    const ingress = object(
      'Ingress',
      'qna',
      'spec: { rules: [{ host: a.example }, { host: b.example }] }',
      'networking.k8s.io/v1',
    );
    const view = viewOf(await observe(QNA, ingress));
    const applications = applicationsOf(workloadsOf(view.facts));
    const [scope] = [...scopesOf(applications, view, DEFAULT_SETTINGS).values()];
    expect(hostsOf(scope ?? new Set())).toEqual(new Set(['a.example', 'b.example']));
  });
});
