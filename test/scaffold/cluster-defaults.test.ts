import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ClusterOffer } from '../../src/core/cluster-offer.ts';
import { answersOfCluster } from '../../src/scaffold/cluster-answers.ts';
import { runCli } from '../cli/run-cli.ts';
import { temporaryFolder } from '../cli/temporary-folder.ts';
import { ENTER, personWho } from './person.ts';
import { filesBelow, textOf } from './scaffolded.ts';

const DEFAULT = { 'ingressclass.kubernetes.io/is-default-class': 'true' };
const INGRESS_CLASSES = '/apis/networking.k8s.io/v1/ingressclasses';

/** What an API server answers, by path; everything else is 404. */
const CLUSTER: Readonly<Record<string, unknown>> = {
  '/version': { gitVersion: 'v1.36.2' },
  [INGRESS_CLASSES]: {
    items: [
      { metadata: { name: 'traefik' }, spec: { controller: 'traefik.io/ingress-controller' } },
      { metadata: { name: 'nginx', annotations: DEFAULT }, spec: { controller: 'nginx.org/ingress-controller' } },
    ],
  },
  '/apis/storage.k8s.io/v1/storageclasses': { items: [{ metadata: { name: 'ssd' } }] },
};

const CHOICES: readonly (readonly [what: string, offer: ClusterOffer, answers: object])[] = [
  ['nothing that could be read', {}, {}],
  ['a version', { version: 'v1.36.2+k3s1' }, { kubernetesVersion: '1.36' }],
  ['two classes of which nobody chose one', { ingressClasses: [named('a'), named('b')] }, {}],
  ['a controller of its own', { ingressClasses: [named('a')] }, { ingressClass: 'a', ingressController: 'other' }],
  [
    'no Ingress, and a Gateway',
    { ingressClasses: [], gatewayClasses: [named('envoy')] },
    { gatewayClass: 'envoy', exposure: 'gateway' },
  ],
  ['a Gateway, and no word on Ingresses', { gatewayClasses: [named('envoy')] }, { gatewayClass: 'envoy' }],
  ['a default class for storage', { storageClasses: [named('a'), { name: 'b', isDefault: true }] }, {}],
  ['one class for storage', { storageClasses: [named('a')] }, { storageClass: 'a' }],
];

describe('the defaults of a cluster', () => {
  it.each(CHOICES)('with %s', (_what, offer, answers) => {
    expect(answersOfCluster(offer)).toEqual(answers);
  });

  it('are taken where a flag says so, by requests that change nothing', async () => {
    const { root, requests } = await projectBeside(serving(CLUSTER));
    const { exitCode, stderr } = await runCli(['init', '.', '--yes', '--kubeconfig', 'kubeconfig'], { cwd: root });
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
    const answers = textOf(root, '.qna-ready/answers.yaml');
    for (const line of [
      'kubernetesVersion: "1.36"',
      'ingressClass: nginx',
      'ingressController: nginx-inc',
      'storageClass: ssd',
    ])
      expect(answers).toContain(`\n${line}\n`);
    expect(textOf(root, 'k8s/ingress.yaml')).toContain('ingressClassName: nginx');
    expect(requests).toHaveLength(4);
    for (const request of requests) expect(request).toMatch(/^GET /);
  });

  it('come after a flag and after the manifests that are there, controller and all', async () => {
    const { root } = await projectBeside(serving(CLUSTER), {
      'k8s/web.yaml':
        'apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: { name: web }\nspec: { ingressClassName: haproxy }\n',
    });
    await runCli(['init', '.', '--yes', '--context', 'here', '--set', 'kubernetesVersion=1.35'], {
      cwd: root,
      env: { KUBECONFIG: join(root, 'kubeconfig') },
    });
    const answers = textOf(root, '.qna-ready/answers.yaml');
    for (const line of ['kubernetesVersion: "1.35"', 'ingressClass: haproxy', 'ingressController: haproxy'])
      expect(answers).toContain(`\n${line}\n`);
  });

  it('are what may be read: a refusal costs its own answer only', async () => {
    const { [INGRESS_CLASSES]: _refused, ...readable } = CLUSTER;
    const { root } = await projectBeside(serving(readable, 403));
    const { exitCode } = await runCli(['init', '.', '--yes', '--kubeconfig', 'kubeconfig'], { cwd: root });
    expect(exitCode).toBe(0);
    const answers = textOf(root, '.qna-ready/answers.yaml');
    expect(answers).toContain('\nkubernetesVersion: "1.36"\n');
    expect(answers).toContain('\ningressClass: traefik\n');
  });

  it.each<readonly [string, RequestListener | undefined, RegExp]>([
    ['nobody listens', undefined, /the connection was refused/],
    ['nobody answers', () => {}, /no answer within 2 s/],
    [
      'something else answers',
      (_request, response) => response.end('<html>'),
      /instead of JSON, so this is no API server/,
    ],
  ])('are refused in a sentence where %s, and nothing is written', async (_what, listener, says) => {
    const { root } = await projectBeside(listener);
    const { exitCode, stdout, stderr } = await runCli(['init', '.', '--yes', '--kubeconfig', 'kubeconfig'], {
      cwd: root,
    });
    expect(stderr).toMatch(
      /^qna-ready: The cluster of the context here \(http:\/\/127\.0\.0\.1:\d+\) could not be looked at: /,
    );
    expect(stderr).toMatch(says);
    expect(stdout).toBe('');
    expect(exitCode).toBe(2);
    expect(filesBelow(root)).toEqual(['kubeconfig']);
  });

  it('are not asked for unless somebody says so', async () => {
    const { root, requests } = await projectBeside(serving(CLUSTER));
    const env = { KUBECONFIG: join(root, 'kubeconfig') };
    await runCli(['init', '.', '--yes'], { cwd: root, env });
    expect(requests).toEqual([]);
    expect(textOf(root, '.qna-ready/answers.yaml')).toContain('\nkubernetesVersion: "1.35"\n');
  });

  it.each([
    ['y', 'nginx', 4],
    ['n', 'traefik', 0],
  ])('are offered to a person who presses %s', async (key, ingressClass, count) => {
    const { root, requests } = await projectBeside(serving(CLUSTER));
    const person = personWho((question) => (question.includes('cluster here?') ? key : ENTER));
    const world = { cwd: root, env: { KUBECONFIG: join(root, 'kubeconfig') }, terminal: person };
    expect((await runCli(['init', '.'], world)).exitCode).toBe(0);
    expect(textOf(root, '.qna-ready/answers.yaml')).toContain(`\ningressClass: ${ingressClass}\n`);
    expect(requests).toHaveLength(count);
  });

  it('are done without where the cluster of a person who was asked does not answer', async () => {
    const { root } = await projectBeside(undefined);
    const world = { cwd: root, env: { KUBECONFIG: join(root, 'kubeconfig') }, terminal: personWho(() => ENTER) };
    const { exitCode, stderr } = await runCli(['init', '.'], world);
    expect(stderr).toMatch(/^The cluster of the context here .* could not be looked at: the connection was refused\./);
    expect(exitCode).toBe(0);
    expect(filesBelow(root)).toContain('k8s/ingress.yaml');
  });
});

function named(name: string) {
  return { name, isDefault: false };
}

function serving(answers: Readonly<Record<string, unknown>>, otherwise = 404): RequestListener {
  return ({ url = '' }, response) => {
    const answer = answers[url];
    response.writeHead(answer === undefined ? otherwise : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer ?? { kind: 'Status', message: 'no' }));
  };
}

/** A folder with a kubeconfig whose current context leads to this listener, or to a port at which there is none. */
async function projectBeside(listener: RequestListener | undefined, files: Readonly<Record<string, string>> = {}) {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    listener?.(request, response);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  const close = () => {
    server.closeAllConnections();
    return new Promise((closed) => server.close(closed));
  };
  if (listener === undefined) await close();
  else onTestFinished(async () => void (await close()));
  const kubeconfig = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'here',
    clusters: [{ name: 'here', cluster: { server: `http://127.0.0.1:${port}`, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'me', user: {} }],
    contexts: [{ name: 'here', context: { cluster: 'here', user: 'me' } }],
  };
  return { root: temporaryFolder({ ...files, kubeconfig: JSON.stringify(kubeconfig) }), requests };
}
