import type { Patch, Stage } from '../stage.ts';
import { type BrokenStory, CRASHING } from '../story.ts';

const CONTAINER = '/spec/template/spec/containers/0';

const service = (operation: Patch['operations'][number]): Patch => ({
  kind: 'Deployment',
  name: 'qna',
  operations: [operation],
});

const PODS = 'pods?labelSelector=app.kubernetes.io/instance=qna';

/** Whether both pods of the service that are there now say that they are not ready. */
const noneReady = async ({ read }: Stage) =>
  (await read(PODS, 'status/conditions[type=Ready]/status')) === 'False False';

/** What the kubelet says of the probes of each pod that is there now. */
async function failedProbes({ read }: Stage): Promise<readonly string[]> {
  const pods = (await read(PODS, 'metadata/name')).split(' ');
  const about = (pod: string) => `events?fieldSelector=reason=Unhealthy,involvedObject.name=${pod}`;
  return Promise.all(pods.map((pod) => read(about(pod), 'message')));
}

const events = ({ read }: Stage, reason: string) => read(`events?fieldSelector=reason=${reason}`, 'message');

/** Faults of sections 2 and 6: probes, rollouts, and what keeps the service up. */
export const LIFECYCLE_STORIES: readonly BrokenStory[] = [
  {
    name: 'probe-path-wrong',
    tells: 'The readiness probe asks for a path that the service does not have.',
    overlay: {
      patches: [service({ op: 'replace', path: `${CONTAINER}/readinessProbe/httpGet/path`, value: '/healthz' })],
    },
    neverReady: 'service',
    proven: async (stage) =>
      (await noneReady(stage)) && (await failedProbes(stage)).every((said) => /Readiness.*statuscode: 404/s.test(said)),
    item: '2.2',
    verdict: { by: 'audit', check: 'probes/observed', says: /Readiness.*statuscode: 404/ },
    alsoTouches: { '2.1': 'todo', '5.2': 'todo', '6.2': 'todo' },
  },
  {
    name: 'liveness-coupled',
    tells: 'Liveness asks for readiness, so the pods are restarted while the database is down.',
    overlay: {
      patches: [
        service({
          op: 'replace',
          path: `${CONTAINER}/livenessProbe`,
          value: { httpGet: { path: '/health/ready', port: 'http' }, periodSeconds: 2, failureThreshold: 2 },
        }),
      ],
    },
    happen: async ({ kubectl }) => void (await kubectl('scale', 'statefulsets/qna-postgres', '--replicas=0')),
    loses: 'database',
    proven: async (stage) =>
      (await stage.read('statefulsets/qna-postgres', 'status/replicas')) === '0' &&
      (await noneReady(stage)) &&
      /failed liveness probe/.test(await events(stage, 'Killing')),
    item: '2.1',
    verdict: { by: 'audit', check: 'probes/observed', says: /liveness/ },
    alsoTouches: { ...CRASHING, '2.2': 'todo', '2.3': 'todo', '5.2': 'todo', '6.2': 'todo' },
  },
  {
    name: 'database-refuses',
    tells: 'The password in DATABASE_URL is not the one that the database knows.',
    happen: async ({ patch, kubectl, read }) => {
      const url = new URL(atob(await read('secrets/qna-secrets', 'data/DATABASE_URL')));
      url.password = 'no-longer';
      await patch('secrets/qna-secrets', { stringData: { DATABASE_URL: url.href } });
      await kubectl('delete', 'pods', '-l', 'app.kubernetes.io/instance=qna', '--grace-period=1');
    },
    loses: 'service',
    proven: async (stage) =>
      (await noneReady(stage)) && (await failedProbes(stage)).every((said) => /Readiness.*statuscode: 503/s.test(said)),
    item: '2.2',
    verdict: { by: 'audit', check: 'probes/observed', says: /Readiness.*statuscode: 503/ },
    alsoTouches: { '2.1': 'todo', '5.2': 'todo', '6.2': 'todo' },
  },
  {
    name: 'image-missing',
    tells: 'The image of the new release does not exist.',
    happen: async ({ kubectl }) =>
      void (await kubectl('set', 'image', 'deployments/qna', 'qna=registry.example/qna:9.9.9')),
    loses: 'service',
    proven: async ({ read }) =>
      /ImagePullBackOff/.test(await read('pods', 'status/containerStatuses/state/waiting/reason')),
    item: '6.2',
    verdict: { by: 'audit', check: 'rollout/observed', says: /cannot be pulled.*registry\.example\/qna:9\.9\.9/s },
    // The pods that are left run the image of the release before.
    alsoTouches: { '1.3': 'unknown', '2.1': 'unknown', '2.2': 'unknown', '7.4': 'todo' },
  },
  {
    name: 'rollout-hangs',
    tells: 'The pods of the new release never become ready, and the rollout is past its deadline.',
    happen: ({ patch }) =>
      patch(
        'deployments/qna',
        {
          spec: {
            progressDeadlineSeconds: 15,
            template: {
              spec: { containers: [{ name: 'qna', readinessProbe: { httpGet: { path: '/nowhere', port: 'http' } } }] },
            },
          },
        },
        '--type=strategic',
      ),
    loses: 'service',
    proven: async ({ read }) =>
      (await read('deployments/qna', 'status/conditions[type=Progressing]/reason')) === 'ProgressDeadlineExceeded',
    item: '6.2',
    verdict: { by: 'audit', check: 'rollout/observed', says: /progress|deadline/i },
    alsoTouches: { '2.1': 'todo', '2.2': 'todo', '2.3': 'todo', '3.1': ['done', 'unknown'] },
  },
  {
    name: 'out-of-memory',
    tells: 'The container is killed for taking more memory than its limit.',
    overlay: {
      patches: [
        service({ op: 'replace', path: `${CONTAINER}/resources/limits/memory`, value: '24Mi' }),
        service({ op: 'replace', path: `${CONTAINER}/resources/requests/memory`, value: '24Mi' }),
      ],
    },
    neverReady: 'service',
    proven: async ({ read }) =>
      (await read('pods', 'status/containerStatuses/lastState/terminated/reason')).includes('OOMKilled'),
    item: '6.1',
    verdict: { by: 'audit', check: 'resources/out-of-memory', says: /24Mi/ },
    alsoTouches: { ...CRASHING, '2.1': 'todo', '2.2': 'todo', '5.2': 'todo', '6.2': 'todo' },
  },
  {
    name: 'drain-blocked',
    tells: 'The disruption budget allows no disruption, so no node can be drained.',
    happen: ({ patch }) => patch('poddisruptionbudgets/qna', { spec: { maxUnavailable: 0 } }),
    proven: async ({ read }) =>
      (await read('poddisruptionbudgets/qna', 'spec/maxUnavailable')) === '0' &&
      (await read('poddisruptionbudgets/qna', 'status/disruptionsAllowed')) === '0',
    item: '6.2',
    verdict: { by: 'audit', check: 'disruption/budget', says: /drain|evict/i },
  },
  {
    name: 'one-replica',
    tells: 'Somebody scaled the service to one pod.',
    happen: async ({ kubectl }) => void (await kubectl('scale', 'deployments/qna', '--replicas=1')),
    proven: async ({ read }) => (await read('deployments/qna', 'status/replicas')) === '1',
    item: '6.2',
    verdict: { by: 'audit', check: 'rollout/replicas', says: /1/ },
  },
  {
    name: 'runs-as-root',
    tells: 'The service runs as root, in a namespace that admits it.',
    overlay: {
      patches: [
        {
          kind: 'Namespace',
          operations: [
            { op: 'replace', path: '/metadata/labels/pod-security.kubernetes.io~1enforce', value: 'privileged' },
          ],
        },
        service({ op: 'replace', path: '/spec/template/spec/securityContext', value: { runAsUser: 0 } }),
      ],
    },
    proven: async ({ kubectl }) => (await kubectl('exec', 'deployments/qna', '--', 'id', '-u')) === '0\n',
    item: '7.1',
    verdict: { by: 'audit', check: 'pod-security/restricted', says: /runAsUser|runAsNonRoot/ },
  },
];
