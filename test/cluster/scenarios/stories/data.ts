import type { Stage } from '../stage.ts';
import { type BrokenStory, CRASHING } from '../story.ts';

const DAY_MS = 86_400_000;

/** Faults of section 4, and the policy that stands between the service and its data. */
export const DATA_STORIES: readonly BrokenStory[] = [
  {
    name: 'claim-pending',
    tells: 'The claim of the database asks for a class that does not exist.',
    overlay: {
      patches: [
        {
          kind: 'PersistentVolumeClaim',
          name: 'qna-postgres-data',
          operations: [{ op: 'add', path: '/spec/storageClassName', value: 'nobody-has-this' }],
        },
      ],
    },
    neverReady: 'database',
    proven: async ({ read }) =>
      (await read('persistentvolumeclaims/qna-postgres-data', 'status/phase')) === 'Pending' &&
      (await read('persistentvolumeclaims/qna-postgres-data', 'spec/storageClassName')) === 'nobody-has-this' &&
      (await read('deployments/qna', 'status/conditions[type=Available]/status')) === 'False' &&
      // Both pods of the service have been started, and have missed it.
      (
        await read('pods?labelSelector=app.kubernetes.io/instance=qna', 'status/containerStatuses/containerID')
      ).includes(' '),
    item: '4.1',
    verdict: { by: 'audit', check: 'storage/bound', says: /qna-postgres-data/ },
    alsoTouches: { ...CRASHING, '2.1': 'todo', '2.2': 'todo', '5.2': 'todo', '6.2': 'todo' },
  },
  {
    name: 'database-in-a-deployment',
    tells: 'The database runs in a Deployment.',
    happen: replaceStatefulSet,
    proven: async ({ read }) =>
      (await read('deployments/qna-postgres', 'status/readyReplicas')) === '1' &&
      (await read('statefulsets/qna-postgres', 'metadata/name')) === '',
    item: '4.2',
    verdict: { by: 'audit', check: 'database/statefulset', says: /Deployment/ },
    // While the database moved, readiness failed; events remember it for an hour.
    alsoTouches: { '2.1': ['done', 'todo'], '2.2': ['done', 'todo'] },
  },
  {
    name: 'backup-stale',
    tells: 'The last backup that succeeded is three days old.',
    happen: ({ patch }) =>
      patch(
        'cronjobs/qna-backup',
        { status: { lastSuccessfulTime: new Date(Date.now() - 3 * DAY_MS).toISOString().replace(/\.\d+/, '') } },
        '--subresource=status',
      ),
    proven: async ({ read }) =>
      Date.now() - Date.parse(await read('cronjobs/qna-backup', 'status/lastSuccessfulTime')) > 2 * DAY_MS,
    item: '4.3',
    verdict: { by: 'audit', check: 'backup/fresh', says: /old|hours/ },
  },
  {
    name: 'drill-failed',
    tells: 'The restore drill failed, for there is no backup to restore.',
    happen: async ({ kubectl }) => void (await kubectl('create', 'job', '--from=cronjob/qna-restore-drill', 'drill')),
    proven: async ({ read }) => (await read('jobs/drill', 'status/conditions[type=Failed]/status')) === 'True',
    item: '4.3',
    verdict: { by: 'audit', check: 'backup/restore-proven', says: /failed.*drill/s },
    // The drill mounted the claim of the backups, so it has a volume now.
    alsoTouches: { '4.1': 'done' },
  },
  {
    name: 'backup-suspended',
    tells: 'Somebody suspended the backup and forgot it.',
    happen: ({ patch }) => patch('cronjobs/qna-backup', { spec: { suspend: true } }),
    proven: async ({ read }) => (await read('cronjobs/qna-backup', 'spec/suspend')) === 'true',
    item: '4.3',
    verdict: { by: 'audit', check: 'backup/scheduled', says: /suspended/ },
  },
  {
    name: 'policy-blocks-database',
    tells: 'The network policy of the database lets nobody in.',
    happen: ({ patch }) => patch('networkpolicies/qna-postgres', { spec: { ingress: [] } }),
    proven: async ({ read }) =>
      (await read('networkpolicies/qna-postgres', 'spec/ingress')) === '' &&
      (await read('networkpolicies/qna-postgres', 'spec/policyTypes')).includes('Ingress'),
    item: '7.3',
    verdict: { by: 'audit', check: 'network/database', says: /qna-postgres/ },
  },
];

/** Moves the running database, with its claim, into a Deployment, as people do who know no StatefulSet. */
async function replaceStatefulSet({ kubectl, apply }: Stage): Promise<void> {
  const { spec } = JSON.parse(await kubectl('get', 'statefulsets/qna-postgres', '-o', 'json')) as {
    readonly spec: { readonly selector: object; readonly template: object };
  };
  await kubectl('delete', 'statefulsets/qna-postgres', '--cascade=orphan');
  await kubectl('delete', 'pod/qna-postgres-0');
  await apply({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'qna-postgres', labels: { 'app.kubernetes.io/component': 'database' } },
    spec: { replicas: 1, strategy: { type: 'Recreate' }, selector: spec.selector, template: spec.template },
  });
}
