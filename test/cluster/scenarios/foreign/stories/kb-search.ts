import type { Patch, Stage } from '../../stage.ts';
import { CRASHING } from '../../story.ts';
import { certificateOf, serveWith } from '../certificates.ts';
import type { ForeignStory } from '../foreign-story.ts';

const app = 'kb-search';
const DAY_MS = 86_400_000;
const SECRET = 'secrets/kb-kb-search';
const TLS = 'kb-wildcard';
const CONTAINER = '/spec/template/spec/containers/0';
const PODS = 'pods?labelSelector=app.kubernetes.io/name=kb-search';

const deployment = (...operations: Patch['operations']): Patch => ({ kind: 'Deployment', operations });
const noneReady = async ({ read }: Stage) =>
  (await read(PODS, 'status/conditions[type=Ready]/status')) === 'False False';
const unhealthy = ({ read }: Stage) => read('events?fieldSelector=reason=Unhealthy', 'message');

export const KB_SEARCH_STORIES: readonly ForeignStory[] = [
  {
    app,
    name: 'secret-empty',
    tells: 'A key of the Secret, which is taken whole, is empty.',
    happen: ({ patch }) => patch(SECRET, { stringData: { ANTHROPIC_API_KEY: '' } }),
    proven: async ({ read }) => (await read(SECRET, 'data')).includes('"ANTHROPIC_API_KEY":""'),
    item: '1.2',
    verdict: { by: 'audit', check: 'secrets/filled-values', says: /ANTHROPIC_API_KEY.*empty/s },
  },
  {
    app,
    name: 'password-in-configmap',
    tells: 'The password of the database stands in the ConfigMap.',
    secret: 'hunter2-is-no-password',
    happen: ({ patch }) => patch('configmaps/kb-kb-search', { data: { PGPASSWORD: 'hunter2-is-no-password' } }),
    proven: async ({ read }) => (await read('configmaps/kb-kb-search', 'data/PGPASSWORD')).includes('hunter2'),
    item: '1.1',
    verdict: { by: 'audit', check: 'secrets/credential-in-configmap', says: /PGPASSWORD/ },
  },
  {
    app,
    name: 'probe-path-wrong',
    tells: 'The readiness probe asks for a path that the service does not have.',
    overlay: {
      patches: [
        deployment({ op: 'replace', path: `${CONTAINER}/readinessProbe/httpGet/path`, value: '/q/health/ready' }),
      ],
    },
    neverReady: 'service',
    proven: async (stage) => (await noneReady(stage)) && /Readiness.*statuscode: 404/s.test(await unhealthy(stage)),
    item: '2.2',
    verdict: { by: 'audit', check: 'probes/observed', says: /Readiness.*statuscode: 404/ },
    alsoTouches: { '2.1': 'todo', '5.2': 'todo', '6.2': 'todo' },
  },
  {
    app,
    name: 'database-refuses',
    tells: 'The password in PGPASSWORD is not the one that the database knows.',
    happen: async ({ patch, kubectl }) => {
      await patch(SECRET, { stringData: { PGPASSWORD: 'no-longer-this-one' } });
      await kubectl('delete', 'pods', '-l', 'app.kubernetes.io/name=kb-search', '--grace-period=1');
    },
    loses: 'service',
    proven: async (stage) => (await noneReady(stage)) && /Readiness.*statuscode: 503/s.test(await unhealthy(stage)),
    item: '2.2',
    verdict: { by: 'audit', check: 'probes/observed', says: /Readiness.*statuscode: 503/ },
    alsoTouches: { '2.1': 'todo', '5.2': 'todo', '6.2': 'todo' },
  },
  {
    app,
    name: 'rollout-hangs',
    tells: 'The pods of the new release never become ready, and the rollout is past its deadline.',
    happen: ({ patch }) =>
      patch(
        'deployments/kb-kb-search',
        {
          spec: {
            progressDeadlineSeconds: 15,
            template: {
              spec: {
                containers: [
                  { name: 'kb-search', readinessProbe: { httpGet: { path: '/nowhere', port: 'management' } } },
                ],
              },
            },
          },
        },
        '--type=strategic',
      ),
    loses: 'service',
    proven: async ({ read }) =>
      (await read('deployments/kb-kb-search', 'status/conditions[type=Progressing]/reason')) ===
      'ProgressDeadlineExceeded',
    item: '6.2',
    verdict: { by: 'audit', check: 'rollout/observed', says: /progress|deadline/i },
    alsoTouches: { '2.1': 'todo', '2.2': 'todo', '2.3': 'todo', '3.1': ['done', 'unknown'] },
  },
  {
    app,
    name: 'one-replica',
    tells: 'Somebody scaled the service to one pod.',
    happen: async ({ kubectl }) => void (await kubectl('scale', 'deployments/kb-kb-search', '--replicas=1')),
    proven: async ({ read }) => (await read('deployments/kb-kb-search', 'status/replicas')) === '1',
    item: '6.2',
    verdict: { by: 'audit', check: 'rollout/replicas', says: /1/ },
  },
  {
    app,
    name: 'runs-as-root',
    tells: 'The service runs as root.',
    overlay: {
      patches: [deployment({ op: 'replace', path: '/spec/template/spec/securityContext', value: { runAsUser: 0 } })],
    },
    proven: async ({ kubectl }) => (await kubectl('exec', 'deployments/kb-kb-search', '--', 'id', '-u')) === '0\n',
    item: '7.1',
    verdict: { by: 'audit', check: 'pod-security/restricted', says: /runAsUser|runAsNonRoot/ },
  },
  {
    app,
    name: 'claim-pending',
    tells: 'The claim of the database asks for a class that does not exist.',
    overlay: {
      patches: [
        {
          kind: 'PersistentVolumeClaim',
          operations: [{ op: 'add', path: '/spec/storageClassName', value: 'nobody-has-this' }],
        },
      ],
    },
    neverReady: 'database',
    proven: async ({ read }) =>
      (await read('persistentvolumeclaims/data-kb-postgresql-0', 'status/phase')) === 'Pending' &&
      (await read(PODS, 'status/containerStatuses/ready')) === 'false false' &&
      (await read(PODS, 'status/containerStatuses/state/running/startedAt')).includes(' '),
    item: '4.1',
    verdict: { by: 'audit', check: 'storage/bound', says: /data-kb-postgresql-0/ },
    // This service waits for its database instead of ending.
    alsoTouches: { ...CRASHING, '2.1': 'todo', '2.2': 'todo', '5.2': 'todo', '6.2': 'todo' },
  },
  {
    app,
    name: 'tls-three-days-left',
    tells: 'The certificate of the Gateway has three days left.',
    happen: (stage) => serveWith(stage, TLS, { days: 3 }),
    proven: async (stage) => (await certificateOf(stage, TLS)).validToDate.getTime() - Date.now() < 4 * DAY_MS,
    item: '5.2',
    verdict: { by: 'audit', check: 'ingress/certificate', says: /expires in/ },
  },
  {
    app,
    name: 'tls-other-host',
    tells: 'The certificate of the Gateway is for another host.',
    happen: (stage) => serveWith(stage, TLS, { host: 'somebody.example.test' }),
    proven: async (stage) => (await certificateOf(stage, TLS)).checkHost(stage.host) === undefined,
    item: '5.2',
    verdict: { by: 'audit', check: 'ingress/certificate', says: /tls-other-host\.example\.test/ },
  },
  {
    app,
    name: 'tls-without-key',
    tells: 'The Secret of the Gateway holds the certificate without its key.',
    happen: async (stage) => {
      await serveWith(stage, TLS, {});
      await stage.patch(`secrets/${TLS}`, { data: { 'tls.key': '' } });
    },
    // Of a Gateway, no listener is served then.
    loses: 'edge',
    proven: async ({ read }) => (await read(`secrets/${TLS}`, 'data/tls.key')) === '',
    item: '5.2',
    verdict: { by: 'audit', check: 'ingress/certificate', says: /key/ },
  },
  {
    app,
    name: 'gateway-class-unserved',
    tells: 'The Gateway has a class that nobody serves.',
    overlay: {
      patches: [{ kind: 'Gateway', operations: [{ op: 'replace', path: '/spec/gatewayClassName', value: 'nobody' }] }],
    },
    neverReady: 'edge',
    proven: async ({ read, kubectl }) =>
      (await read('gateways/kb', 'spec/gatewayClassName')) === 'nobody' &&
      !(await kubectl('get', 'gatewayclasses', '-o', 'name')).includes('nobody'),
    item: '5.1',
    verdict: { by: 'audit', check: 'ingress/controller', says: /nobody/ },
    // Nobody gives the Gateway an address to shake hands at.
    alsoTouches: { '5.2': 'unknown' },
  },
  {
    app,
    name: 'selector-misses',
    tells: 'The selector of the Service matches no pod.',
    happen: async ({ kubectl }) =>
      void (await kubectl('set', 'selector', 'services/kb-kb-search', 'app.kubernetes.io/name=kb')),
    proven: async ({ read }) =>
      (await read('endpointslices?labelSelector=kubernetes.io/service-name=kb-kb-search', 'endpoints/addresses')) ===
      '',
    item: '5.2',
    verdict: { by: 'audit', check: 'service/selects-pods', says: /kb-kb-search/ },
  },
];
