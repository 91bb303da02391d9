import type { Patch, Stage } from '../../stage.ts';
import { CRASHING } from '../../story.ts';
import type { ForeignStory } from '../foreign-story.ts';

const app = 'answers-and-ingest';
/** Has the shape of a provider's key, and belongs to nobody. */
const LOGGED_KEY = `sk-proj-${'Qm4Tz8Yb2Kd6Hs0P'.repeat(3)}`;
const CONTAINER = '/spec/template/spec/containers/0';

const deployment = (name: string, ...operations: Patch['operations']): Patch => ({
  kind: 'Deployment',
  name,
  operations,
});
const events = ({ read }: Stage, reason: string) => read(`events?fieldSelector=reason=${reason}`, 'message');

export const ANSWERS_AND_INGEST_STORIES: readonly ForeignStory[] = [
  {
    app,
    name: 'secret-changeme',
    tells: 'A key of the Secret says "changeme".',
    happen: ({ patch }) => patch('secrets/api', { stringData: { KEY: 'changeme' } }),
    proven: async ({ read }) => (await read('secrets/api', 'data/KEY')) === btoa('changeme'),
    item: '1.2',
    verdict: { by: 'audit', check: 'secrets/filled-values', says: /KEY.*placeholder/s },
  },
  {
    app,
    name: 'liveness-coupled',
    tells: 'Liveness of one of the services asks for readiness, so its pods are restarted while the database is down.',
    overlay: {
      patches: [
        deployment('answers', {
          op: 'replace',
          path: `${CONTAINER}/livenessProbe`,
          value: { httpGet: { path: '/readyz', port: 3000 }, periodSeconds: 2, timeoutSeconds: 2, failureThreshold: 2 },
        }),
      ],
    },
    happen: async ({ kubectl }) => void (await kubectl('scale', 'statefulsets/store', '--replicas=0')),
    loses: 'database',
    proven: async (stage) =>
      (await stage.read('statefulsets/store', 'status/replicas')) === '0' &&
      (await stage.read('deployments/ingest', 'status/availableReplicas')) === '' &&
      /failed liveness probe/.test(await events(stage, 'Killing')),
    item: '2.1',
    verdict: { by: 'audit', check: 'probes/observed', says: /answers.*liveness/s },
    alsoTouches: { ...CRASHING, '3.2': 'todo', '2.2': 'todo', '2.3': 'todo', '5.2': 'todo', '6.2': 'todo' },
  },
  {
    app,
    name: 'out-of-memory',
    tells: 'The container of one of the services is killed for taking more memory than its limit.',
    overlay: {
      patches: [
        deployment(
          'ingest',
          { op: 'replace', path: `${CONTAINER}/resources/limits/memory`, value: '24Mi' },
          { op: 'replace', path: `${CONTAINER}/resources/requests/memory`, value: '24Mi' },
        ),
      ],
    },
    neverReady: 'service',
    proven: async ({ read }) =>
      (await read('pods', 'status/containerStatuses/lastState/terminated/reason')).includes('OOMKilled') &&
      (await read('deployments/answers', 'status/availableReplicas')) === '2',
    item: '6.1',
    verdict: { by: 'audit', check: 'resources/out-of-memory', says: /ingest.*24Mi/s },
    alsoTouches: { ...CRASHING, '3.2': 'todo', '2.1': 'todo', '2.2': 'todo', '5.2': 'todo', '6.2': 'todo' },
  },
  {
    app,
    name: 'key-in-log',
    tells: 'The key of the provider is printed in a log line.',
    secret: LOGGED_KEY,
    overlay: {
      patches: [
        deployment('answers', {
          op: 'add',
          path: `${CONTAINER}/env/-`,
          value: {
            name: 'NODE_OPTIONS',
            // In two pieces, for a whole one in the environment is another story.
            value: `--import=data:text/javascript,console.log(JSON.stringify({ts:new(Date)().toISOString(),severity:'INFO',message:'calling%20with%20sk-'+'${LOGGED_KEY.slice(3)}'}))`,
          },
        }),
      ],
    },
    proven: async ({ kubectl }) => (await kubectl('logs', 'deployments/answers')).includes(LOGGED_KEY),
    item: '3.1',
    verdict: { by: 'audit', check: 'logs/secret-free', says: /key/ },
  },
  {
    app,
    name: 'target-port-misses',
    tells: 'One of the Services sends to a port that the container does not have.',
    happen: ({ patch }) => patch('services/ingest', { spec: { ports: [{ port: 80, targetPort: 'http' }] } }),
    proven: async ({ read }) =>
      !(await read('endpointslices?labelSelector=kubernetes.io/service-name=ingest', 'ports/port')).includes('4000'),
    item: '5.3',
    verdict: { by: 'audit', check: 'service/target-port', says: /http/ },
    alsoTouches: { '5.2': 'todo' },
  },
];
