import { type BrokenStory, CRASHING } from '../story.ts';

const SECRET = 'secrets/qna-secrets';

/** Faults of section 1: secrets and settings. */
export const CONFIGURATION_STORIES: readonly BrokenStory[] = [
  {
    name: 'secret-deleted',
    tells: 'The Secret was deleted while the pods run.',
    happen: async ({ kubectl }) => void (await kubectl('delete', SECRET)),
    proven: async ({ read }) => (await read(SECRET, 'metadata/name')) === '',
    item: '1.2',
    verdict: { by: 'audit', check: 'secrets/reference-resolves', says: /qna-secrets/ },
  },
  {
    name: 'key-renamed',
    tells: 'A key of the Secret was renamed, and the Deployment was not.',
    happen: ({ patch }) => patch(SECRET, { data: { OPENAI_API_KEY: null, OPENAI_KEY: 'eA==' } }),
    proven: async ({ read }) =>
      (await read(SECRET, 'data/OPENAI_API_KEY')) === '' && (await read(SECRET, 'data/OPENAI_KEY')) !== '',
    item: '1.2',
    verdict: { by: 'audit', check: 'secrets/reference-resolves', says: /OPENAI_API_KEY/ },
  },
  {
    name: 'secret-empty',
    tells: 'A key of the Secret is empty.',
    happen: ({ patch }) => patch(SECRET, { stringData: { OPENAI_API_KEY: '' } }),
    proven: async ({ read }) => (await read(SECRET, 'data')).includes('"OPENAI_API_KEY":""'),
    item: '1.2',
    verdict: { by: 'audit', check: 'secrets/filled-values', says: /OPENAI_API_KEY.*empty/s },
  },
  {
    name: 'secret-changeme',
    tells: 'A key of the Secret says "changeme".',
    happen: ({ patch }) => patch(SECRET, { stringData: { OPENAI_API_KEY: 'changeme' } }),
    proven: async ({ read }) => (await read(SECRET, 'data/OPENAI_API_KEY')) === btoa('changeme'),
    item: '1.2',
    verdict: { by: 'audit', check: 'secrets/filled-values', says: /OPENAI_API_KEY.*placeholder/s },
  },
  {
    name: 'password-in-configmap',
    tells: 'The URL of the database, password included, stands in a ConfigMap.',
    secret: 'hunter2-is-no-password',
    happen: ({ patch }) =>
      patch('configmaps/qna-config', {
        data: { REPORTS_URL: 'postgres://qna:hunter2-is-no-password@qna-postgres/qna' },
      }),
    proven: async ({ read }) => (await read('configmaps/qna-config', 'data/REPORTS_URL')).includes('hunter2'),
    item: '1.1',
    verdict: { by: 'audit', check: 'secrets/credential-in-configmap', says: /REPORTS_URL/ },
  },
  {
    name: 'configmap-deleted',
    tells: 'The ConfigMap was deleted while the pods run.',
    happen: async ({ kubectl }) => void (await kubectl('delete', 'configmaps/qna-config')),
    proven: async ({ read }) => (await read('configmaps/qna-config', 'metadata/name')) === '',
    item: '1.3',
    verdict: { by: 'audit', check: 'config/reference-resolves', says: /qna-config/ },
    // The bounds of a call to the model stood in it.
    alsoTouches: { '9.3': 'todo' },
  },
  {
    name: 'setting-malformed',
    tells: 'A setting is malformed, so the service refuses to start, again and again.',
    overlay: {
      patches: [
        {
          kind: 'ConfigMap',
          name: 'qna-config',
          operations: [{ op: 'replace', path: '/data/LOG_LEVEL', value: 'loud' }],
        },
      ],
    },
    neverReady: 'service',
    proven: async ({ read }) =>
      (await read('pods', 'status/containerStatuses/state/waiting/reason')).includes('CrashLoopBackOff'),
    item: '1.3',
    verdict: { by: 'audit', check: 'config/starts-from-env', says: /CrashLoopBackOff/ },
    alsoTouches: { ...CRASHING, '2.1': 'todo', '2.2': 'todo', '5.2': 'todo', '6.2': 'todo' },
  },
];
