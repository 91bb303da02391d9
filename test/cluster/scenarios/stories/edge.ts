import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { authorityIn } from '../../certificates.ts';
import type { Stage } from '../stage.ts';
import type { BrokenStory } from '../story.ts';

const DAY_MS = 86_400_000;
const SECRET = 'secrets/qna-tls';
const SLICES = 'endpointslices?labelSelector=kubernetes.io/service-name=qna';

/** Faults of section 5: certificates, classes, and the way from the edge to the pods. */
export const EDGE_STORIES: readonly BrokenStory[] = [
  {
    name: 'tls-secret-missing',
    tells: 'The Secret of the certificate is gone, and nobody issues a new one.',
    happen: forgetCertificate,
    proven: async ({ read }) => (await read(SECRET, 'metadata/name')) === '',
    item: '5.2',
    verdict: { by: 'audit', check: 'ingress/certificate', says: /qna-tls.*(does not exist|no such)/s },
  },
  {
    name: 'tls-expired',
    tells: 'The certificate has expired.',
    happen: (stage) => serveWith(stage, { days: 0 }),
    proven: async (stage) => (await certificateOf(stage)).validToDate.getTime() < Date.now(),
    item: '5.2',
    verdict: { by: 'audit', check: 'ingress/certificate', says: /expired/ },
  },
  {
    name: 'tls-three-days-left',
    tells: 'The certificate has three days left.',
    happen: (stage) => serveWith(stage, { days: 3 }),
    proven: async (stage) => (await certificateOf(stage)).validToDate.getTime() - Date.now() < 4 * DAY_MS,
    item: '5.2',
    verdict: { by: 'audit', check: 'ingress/certificate', says: /expires in/ },
  },
  {
    name: 'tls-other-host',
    tells: 'The certificate is for another host.',
    happen: (stage) => serveWith(stage, { host: 'somebody.example.test' }),
    proven: async (stage) => (await certificateOf(stage)).checkHost(stage.host) === undefined,
    item: '5.2',
    verdict: { by: 'audit', check: 'ingress/certificate', says: /tls-other-host\.example\.test/ },
  },
  {
    name: 'tls-without-key',
    tells: 'The Secret holds the certificate without its key.',
    happen: async (stage) => {
      await serveWith(stage, {});
      await stage.patch(SECRET, { data: { 'tls.key': '' } });
    },
    proven: async ({ read }) => (await read(SECRET, 'data/tls.key')) === '',
    item: '5.2',
    verdict: { by: 'audit', check: 'ingress/certificate', says: /key/ },
  },
  {
    name: 'tls-key-of-another',
    tells: 'The key in the Secret belongs to another certificate.',
    happen: async (stage) => {
      const other = issue(stage, 'other', {});
      await serveWith(stage, {});
      await stage.patch(SECRET, { data: { 'tls.key': readFileSync(other.key).toString('base64') } });
    },
    proven: async (stage) => {
      const key = Buffer.from(await stage.read(SECRET, 'data/tls.key'), 'base64');
      const { createPrivateKey } = await import('node:crypto');
      return !(await certificateOf(stage)).checkPrivateKey(createPrivateKey(key));
    },
    item: '5.2',
    verdict: { by: 'audit', check: 'ingress/certificate', says: /key/ },
  },
  {
    name: 'issuer-unknown',
    tells: 'The certificate names an issuer that does not exist, so it is never issued.',
    overlay: {
      patches: [
        { kind: 'Certificate', operations: [{ op: 'replace', path: '/spec/issuerRef/name', value: 'nobody' }] },
      ],
    },
    neverReady: 'certificate',
    proven: async ({ read }) =>
      (await read('certificates/qna-tls', 'status/conditions[type=Ready]/status')) === 'False',
    item: '5.2',
    verdict: { by: 'audit', check: 'ingress/certificate', says: /not issued/ },
  },
  {
    name: 'class-unserved',
    tells: 'The Ingress has a class that nobody serves.',
    overlay: {
      patches: [{ kind: 'Ingress', operations: [{ op: 'replace', path: '/spec/ingressClassName', value: 'nobody' }] }],
    },
    neverReady: 'edge',
    proven: async ({ read, kubectl }) =>
      (await read('ingresses/qna', 'spec/ingressClassName')) === 'nobody' &&
      (await read('ingresses/qna', 'status/loadBalancer/ingress')) === '' &&
      !(await kubectl('get', 'ingressclasses', '-o', 'name')).includes('nobody'),
    item: '5.1',
    verdict: { by: 'audit', check: 'ingress/controller', says: /class nobody does not exist/ },
    // Nobody gives the Ingress an address to shake hands at.
    alsoTouches: { '5.2': 'unknown' },
  },
  {
    name: 'selector-misses',
    tells: 'The selector of the Service matches no pod.',
    happen: ({ patch }) => patch('services/qna', { spec: { selector: { 'app.kubernetes.io/name': 'answers' } } }),
    proven: async ({ read }) => (await read(SLICES, 'endpoints/addresses')) === '',
    item: '5.2',
    verdict: { by: 'audit', check: 'service/selects-pods', says: /qna/ },
  },
  {
    name: 'target-port-misses',
    tells: 'The Service sends to a port that the container does not have.',
    happen: ({ patch }) => patch('services/qna', { spec: { ports: [{ name: 'http', port: 80, targetPort: 'web' }] } }),
    proven: async ({ read }) => !(await read(SLICES, 'ports/port')).includes('8080'),
    item: '5.3',
    verdict: { by: 'audit', check: 'service/target-port', says: /web/ },
    alsoTouches: { '5.2': 'todo' },
  },
];

interface Wanted {
  readonly host?: string;
  readonly days?: number;
}

/** Without the Certificate, cert-manager would mend the Secret at once. */
async function forgetCertificate({ kubectl }: Stage): Promise<void> {
  await kubectl('delete', 'certificates', '--all');
  await kubectl('delete', SECRET, '--ignore-not-found');
}

/** Puts a certificate of the test's own making where the edge looks for it. */
async function serveWith(stage: Stage, wanted: Wanted): Promise<void> {
  await forgetCertificate(stage);
  const pair = issue(stage, 'tls', wanted);
  await stage.kubectl('create', 'secret', 'tls', 'qna-tls', `--cert=${pair.certificate}`, `--key=${pair.key}`);
}

function issue({ cluster, namespace, host: own }: Stage, name: string, { host = own, days = 60 }: Wanted) {
  return authorityIn(cluster.facts.folder).issue(`${namespace}-${name}`, {
    subject: `/CN=${host}`,
    altNames: `DNS:${host}`,
    usage: 'serverAuth',
    days,
  });
}

async function certificateOf({ read }: Stage): Promise<X509Certificate> {
  return new X509Certificate(Buffer.from(await read(SECRET, 'data/tls.crt'), 'base64'));
}
