import type { Stage } from '../../stage.ts';
import { CRASHING } from '../../story.ts';
import { anotherKey, certificateOf, forgetCertificate, serveWith } from '../certificates.ts';
import type { ForeignStory } from '../foreign-story.ts';

const app = 'helpdesk-bot';
const DAY_MS = 86_400_000;
const SECRET = 'secrets/bot-credentials';
const TLS = 'helpdesk-cert';
const CERTIFICATE = 'ingress/certificate';

export const HELPDESK_BOT_STORIES: readonly ForeignStory[] = [
  {
    app,
    name: 'secret-deleted',
    tells: 'The Secret was deleted while the pods run.',
    happen: async ({ kubectl }) => void (await kubectl('delete', SECRET)),
    proven: async ({ read }) => (await read(SECRET, 'metadata/name')) === '',
    item: '1.2',
    verdict: { by: 'audit', check: 'secrets/reference-resolves', says: /bot-credentials/ },
  },
  {
    app,
    name: 'key-renamed',
    tells: 'A key of the Secret was renamed, and the Deployment was not.',
    happen: ({ patch }) => patch(SECRET, { data: { 'openai-token': null, 'openai-key': 'eA==' } }),
    proven: async ({ read }) => !(await read(SECRET, 'data')).includes('openai-token'),
    item: '1.2',
    verdict: { by: 'audit', check: 'secrets/reference-resolves', says: /openai-token/ },
  },
  {
    app,
    name: 'configmap-deleted',
    tells: 'The ConfigMap was deleted while the pods run.',
    happen: async ({ kubectl }) => void (await kubectl('delete', 'configmaps/bot-settings')),
    proven: async ({ read }) => (await read('configmaps/bot-settings', 'metadata/name')) === '',
    item: '1.3',
    verdict: { by: 'audit', check: 'config/reference-resolves', says: /bot-settings/ },
    // The bounds of a call to the model stood in it.
    alsoTouches: { '9.3': 'todo' },
  },
  {
    app,
    name: 'setting-malformed',
    tells: 'A setting is malformed, so the service refuses to start, again and again.',
    overlay: {
      patches: [
        {
          kind: 'ConfigMap',
          name: 'bot-settings',
          operations: [{ op: 'replace', path: '/data/VERBOSITY', value: 'LOUD' }],
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
  {
    app,
    name: 'image-missing',
    tells: 'The image of the new release does not exist.',
    happen: async ({ kubectl }) =>
      void (await kubectl('set', 'image', 'deployments/helpdesk-bot', 'bot=ghcr.io/acme-support/helpdesk-bot:9.9.9')),
    loses: 'service',
    proven: async ({ read }) =>
      /ImagePullBackOff/.test(await read('pods', 'status/containerStatuses/state/waiting/reason')),
    item: '6.2',
    verdict: { by: 'audit', check: 'rollout/observed', says: /cannot be pulled.*helpdesk-bot:9\.9\.9/s },
    alsoTouches: { '1.3': 'unknown', '2.1': 'unknown', '2.2': 'unknown', '7.4': 'todo' },
  },
  {
    app,
    name: 'drain-blocked',
    tells: 'The disruption budget wants as many pods as there are, so no node can be drained.',
    happen: ({ patch }) => patch('poddisruptionbudgets/helpdesk', { spec: { minAvailable: 2 } }),
    proven: async ({ read }) =>
      (await read('poddisruptionbudgets/helpdesk', 'spec/minAvailable')) === '2' &&
      (await read('poddisruptionbudgets/helpdesk', 'status/disruptionsAllowed')) === '0',
    item: '6.2',
    verdict: { by: 'audit', check: 'disruption/budget', says: /drain|evict/i },
  },
  {
    app,
    name: 'metrics-unscraped',
    tells: 'Nothing tells Prometheus to scrape the pods.',
    overlay: {
      patches: [
        {
          kind: 'Deployment',
          operations: [{ op: 'remove', path: '/spec/template/metadata/annotations' }],
        },
      ],
    },
    proven: async ({ read }) =>
      !(await read('deployments/helpdesk-bot', 'spec/template/metadata')).includes('prometheus.io'),
    item: '3.2',
    verdict: { by: 'audit', check: 'metrics/scraped', says: /scrape/ },
  },
  {
    app,
    name: 'plain-text-logs',
    tells: 'A library writes plain text between the JSON lines.',
    overlay: {
      patches: [
        {
          kind: 'Deployment',
          operations: [
            {
              op: 'add',
              path: '/spec/template/spec/containers/0/env/-',
              value: {
                name: 'NODE_OPTIONS',
                value: '--import=data:text/javascript,console.log(`Server%20started,%20waiting%20for%20requests`)',
              },
            },
          ],
        },
      ],
    },
    proven: async ({ kubectl }) => (await kubectl('logs', 'deployments/helpdesk-bot')).startsWith('Server started'),
    item: '3.1',
    verdict: { by: 'audit', check: 'logs/structured', says: /text/ },
  },
  {
    app,
    name: 'database-in-a-deployment',
    tells: 'The database runs in a Deployment.',
    happen: replaceStatefulSet,
    proven: async ({ read }) =>
      (await read('deployments/pg-main', 'status/readyReplicas')) === '1' &&
      (await read('statefulsets/pg-main', 'metadata/name')) === '',
    item: '4.2',
    verdict: { by: 'audit', check: 'database/statefulset', says: /Deployment/ },
    // While the database moved, readiness failed; events remember it for an hour.
    alsoTouches: { '2.1': ['done', 'todo'], '2.2': ['done', 'todo'] },
  },
  {
    app,
    name: 'backup-stale',
    tells: 'The last backup that succeeded is three days old.',
    happen: ({ patch }) =>
      patch(
        'cronjobs/nightly-dump',
        { status: { lastSuccessfulTime: new Date(Date.now() - 3 * DAY_MS).toISOString().replace(/\.\d+/, '') } },
        '--subresource=status',
      ),
    proven: async ({ read }) =>
      Date.now() - Date.parse(await read('cronjobs/nightly-dump', 'status/lastSuccessfulTime')) > 2 * DAY_MS,
    item: '4.3',
    verdict: { by: 'audit', check: 'backup/fresh', says: /old|hours/ },
  },
  {
    app,
    name: 'backup-suspended',
    tells: 'Somebody suspended the backup and forgot it.',
    happen: ({ patch }) => patch('cronjobs/nightly-dump', { spec: { suspend: true } }),
    proven: async ({ read }) => (await read('cronjobs/nightly-dump', 'spec/suspend')) === 'true',
    item: '4.3',
    verdict: { by: 'audit', check: 'backup/scheduled', says: /suspended/ },
  },
  {
    app,
    name: 'policy-blocks-database',
    tells: 'The network policy of the database lets nobody in.',
    happen: ({ patch }) => patch('networkpolicies/pg', { spec: { ingress: [] } }),
    proven: async ({ read }) =>
      (await read('networkpolicies/pg', 'spec/ingress')) === '' &&
      (await read('networkpolicies/pg', 'spec/policyTypes')).includes('Ingress'),
    item: '7.3',
    verdict: { by: 'audit', check: 'network/database', says: /pg-main/ },
  },
  {
    app,
    name: 'tls-secret-missing',
    tells: 'The Secret of the certificate is gone, and nobody issues a new one.',
    happen: (stage) => forgetCertificate(stage, TLS),
    proven: async ({ read }) => (await read(`secrets/${TLS}`, 'metadata/name')) === '',
    item: '5.2',
    verdict: { by: 'audit', check: CERTIFICATE, says: /helpdesk-cert.*(does not exist|no such)/s },
  },
  {
    app,
    name: 'tls-expired',
    tells: 'The certificate has expired.',
    happen: (stage) => serveWith(stage, TLS, { days: 0 }),
    proven: async (stage) => (await certificateOf(stage, TLS)).validToDate.getTime() < Date.now(),
    item: '5.2',
    verdict: { by: 'audit', check: CERTIFICATE, says: /expired/ },
  },
  {
    app,
    name: 'tls-key-of-another',
    tells: 'The key in the Secret belongs to another certificate.',
    happen: async (stage) => {
      await serveWith(stage, TLS, {});
      await stage.patch(`secrets/${TLS}`, { data: { 'tls.key': anotherKey(stage) } });
    },
    proven: async (stage) => {
      const key = Buffer.from(await stage.read(`secrets/${TLS}`, 'data/tls.key'), 'base64');
      const { createPrivateKey } = await import('node:crypto');
      return !(await certificateOf(stage, TLS)).checkPrivateKey(createPrivateKey(key));
    },
    item: '5.2',
    verdict: { by: 'audit', check: CERTIFICATE, says: /key/ },
  },
  {
    app,
    name: 'issuer-unknown',
    tells: 'The annotation of the Ingress names an issuer that does not exist, so no certificate is issued.',
    overlay: {
      patches: [
        {
          kind: 'Ingress',
          operations: [
            { op: 'replace', path: '/metadata/annotations/cert-manager.io~1cluster-issuer', value: 'nobody' },
          ],
        },
      ],
    },
    neverReady: 'certificate',
    proven: async ({ read }) => (await read('certificates', 'status/conditions[type=Ready]/status')) === 'False',
    item: '5.2',
    verdict: { by: 'audit', check: CERTIFICATE, says: /not issued/ },
  },
  {
    app,
    name: 'class-unserved',
    tells: 'The Ingress has a class that nobody serves.',
    overlay: {
      patches: [{ kind: 'Ingress', operations: [{ op: 'replace', path: '/spec/ingressClassName', value: 'nobody' }] }],
    },
    neverReady: 'edge',
    proven: async ({ read, kubectl }) =>
      (await read('ingresses/helpdesk', 'status/loadBalancer/ingress')) === '' &&
      !(await kubectl('get', 'ingressclasses', '-o', 'name')).includes('nobody'),
    item: '5.1',
    verdict: { by: 'audit', check: 'ingress/controller', says: /class nobody does not exist/ },
    alsoTouches: { '5.2': 'unknown' },
  },
];

/** Moves the running database, with the claim that its template made, into a Deployment. */
async function replaceStatefulSet({ kubectl, apply }: Stage): Promise<void> {
  const { spec } = JSON.parse(await kubectl('get', 'statefulsets/pg-main', '-o', 'json'));
  await kubectl('delete', 'statefulsets/pg-main', '--cascade=orphan');
  await kubectl('delete', 'pod/pg-main-0');
  const claim = { name: 'pgdata', persistentVolumeClaim: { claimName: 'pgdata-pg-main-0' } };
  const pod = spec.template.spec;
  const template = { ...spec.template, spec: { ...pod, volumes: [...pod.volumes, claim] } };
  await apply({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'pg-main', labels: { 'k8s-app': 'pg-main' } },
    spec: { replicas: 1, strategy: { type: 'Recreate' }, selector: spec.selector, template },
  });
}
