import { spawnSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Reach, Snapshot } from '../../src/core/facts.ts';
import { formatPath, type Path } from '../../src/core/location.ts';
import type { KubernetesObject } from '../../src/core/objects.ts';
import { refOf } from '../../src/core/resource.ts';
import { commandLine, kubectlCommands } from '../../src/kubernetes/kubectl-command.ts';
import { temporaryFolder } from '../cli/temporary-folder.ts';

const REACH: Reach = { namespaces: ['prod', 'other'] };

function snapshotOf(objects: readonly KubernetesObject[], reach: Reach | undefined = REACH): Snapshot {
  const value = objects.map((object) => ({ object, ref: refOf(object), locate: () => ({ object: '', path: '' }) }));
  return {
    source: 'cluster',
    target: 'context staging, namespace prod',
    facts: {
      deployments: { seen: true, value },
      secrets: {
        seen: false,
        reason:
          'secrets is forbidden: User "x" cannot list resource "secrets" in API group "" in the namespace "other"',
      },
      roles: { seen: false, reason: 'cannot list resource "clusterroles"' },
      certificates: { seen: false, reason: 'the deadline was over' },
      logs: { seen: false, reason: 'pods "a" is forbidden' },
    } as Snapshot['facts'],
    notSeen: [],
    ...(reach === undefined ? {} : { reach }),
  };
}

function commandFor(object: KubernetesObject, path: Path | string, check = 'probes/liveness-probe', reach = REACH) {
  const text = typeof path === 'string' ? path : formatPath(path);
  return kubectlCommands(snapshotOf([object], reach))({
    subject: refOf(object),
    where: { object: refOf(object), path: text },
    check: { id: check, needs: [] },
  });
}

const DEPLOYMENT = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: {
    name: 'qna',
    namespace: 'prod',
    labels: { 'app.kubernetes.io/name': 'qna', '': 'x', 'a\\b': 'y', '*': 'z' },
  },
  spec: {
    empty: '',
    replicas: 0,
    template: {
      spec: {
        containers: [
          {
            name: 'api',
            env: [{ name: 'KEY', value: 'hunter2' }],
            args: ['--key=hunter2'],
            livenessProbe: { httpGet: {} },
          },
        ],
      },
    },
  },
} as KubernetesObject;
const CONTAINER = ['spec', 'template', 'spec', 'containers', 0] as const;

describe('the kubectl command of a finding', () => {
  it.each<readonly [string, Path, string]>([
    [
      'a part',
      [...CONTAINER, 'livenessProbe'],
      "kubectl -n prod get deployment qna -o jsonpath='{.spec.template.spec.containers[0].livenessProbe}'",
    ],
    [
      'the closest part where one is missing',
      [...CONTAINER, 'readinessProbe', 'httpGet'],
      "kubectl -n prod get deployment qna -o jsonpath='{.spec.template.spec.containers[0]}'",
    ],
    [
      'the closest part that prints something',
      ['spec', 'empty'],
      "kubectl -n prod get deployment qna -o jsonpath='{.spec}'",
    ],
    [
      'a number that is zero',
      ['spec', 'replicas'],
      "kubectl -n prod get deployment qna -o jsonpath='{.spec.replicas}'",
    ],
    [
      'a key with dots',
      ['metadata', 'labels', 'app.kubernetes.io/name'],
      "kubectl -n prod get deployment qna -o jsonpath='{.metadata.labels.app\\.kubernetes\\.io/name}'",
    ],
    [
      'a key that means every key',
      ['metadata', 'labels', '*'],
      "kubectl -n prod get deployment qna -o jsonpath='{.metadata.labels.\\*}'",
    ],
    [
      'the parent of a key that cannot be asked for',
      ['metadata', 'labels', 'a\\b'],
      "kubectl -n prod get deployment qna -o jsonpath='{.metadata.labels}'",
    ],
    [
      'the parent of an empty key',
      ['metadata', 'labels', ''],
      "kubectl -n prod get deployment qna -o jsonpath='{.metadata.labels}'",
    ],
    ['the object itself', [], 'kubectl -n prod get deployment qna -o yaml'],
  ])('shows %s', (_, path, command) => {
    expect(commandFor(DEPLOYMENT, path)).toBe(command);
  });

  it('shows the keys of a Secret and never a value', () => {
    const secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'qna', namespace: 'prod' },
      data: { key: 'filled' },
    };
    expect(commandFor(secret, ['data', 'key'])).toBe('kubectl -n prod describe secret qna');
  });

  it.each<readonly [Path, string]>([
    [[...CONTAINER, 'env', 0, 'value'], "{.spec.template.spec.containers[0].env[0].name}'"],
    [[...CONTAINER, 'args', 0], "{.spec.template.spec.containers[0].name}'"],
  ])('shows of a credential in the clear where it is, and not what it is', (path, end) => {
    expect(commandFor(DEPLOYMENT, path, 'secrets/credential-in-env')).toContain(end);
  });

  it('shows the keys alone of a ConfigMap with a credential', () => {
    const map = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'qna', namespace: 'prod' },
      data: { KEY: 'hunter2' },
    };
    expect(commandFor(map, ['data', 'KEY'], 'secrets/credential-in-configmap')).toBe(
      `kubectl -n prod get configmap qna -o 'go-template={{range $key, $value := .data}}{{$key}}{{"\\n"}}{{end}}'`.replace(
        "-o 'go-template={{",
        "-o go-template='{{",
      ),
    );
  });

  it('names a kind of an extension with its group, and no namespace for what is in none', () => {
    const certificate = {
      apiVersion: 'cert-manager.io/v1',
      kind: 'Certificate',
      metadata: { name: 'edge', namespace: 'prod' },
    };
    const issuer = { apiVersion: 'cert-manager.io/v1', kind: 'ClusterIssuer', metadata: { name: 'ca' } };
    expect(commandFor(certificate, '')).toBe('kubectl -n prod get certificates.cert-manager.io edge -o yaml');
    expect(commandFor(issuer, '')).toBe('kubectl get clusterissuers.cert-manager.io ca -o yaml');
  });

  it('names the context and the kubeconfig where they were given', () => {
    expect(commandFor(DEPLOYMENT, '', 'a/b', { ...REACH, context: 'eu west', kubeconfig: '/home/me/config' })).toBe(
      "kubectl --kubeconfig /home/me/config --context 'eu west' -n prod get deployment qna -o yaml",
    );
  });

  it('shows the lines of a container, and the events of an object', () => {
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'qna-1', namespace: 'prod' } };
    const event = {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: 'qna-1.17', namespace: 'prod' },
      involvedObject: { kind: 'Pod', name: 'qna-1', namespace: 'prod' },
    };
    const told = kubectlCommands(snapshotOf([pod, event]));
    const where = { object: 'Pod prod/qna-1 container api', path: 'line 3' };
    expect(told({ subject: where.object, where, check: { id: 'logs/structured', needs: [] } })).toBe(
      'kubectl -n prod logs qna-1 -c api --tail=200',
    );
    expect(commandFor(event, ['message'])).toBe(
      'kubectl -n prod get events --field-selector involvedObject.name=qna-1',
    );
  });

  it.each([
    ['secrets', 'kubectl auth can-i list secrets -n other'],
    ['roles', 'kubectl auth can-i list clusterroles.rbac.authorization.k8s.io'],
    ['certificates', 'kubectl -n prod get certificates.cert-manager.io'],
    ['logs', 'kubectl auth can-i get pods/log -n prod'],
    ['observedAt', undefined],
  ])('asks why %s were not seen', (fact, command) => {
    const snapshot = snapshotOf([]);
    const verdict = { subject: snapshot.target, check: { id: 'a/b', needs: ['deployments', fact] } };
    expect(kubectlCommands(snapshot)(verdict)).toBe(command);
    expect(kubectlCommands({ ...snapshot, reach: undefined } as unknown as Snapshot)(verdict)).toBeUndefined();
  });

  it('is none for what is no object, and for files', () => {
    const check = { id: 'a/b', needs: [] };
    expect(kubectlCommands(snapshotOf([DEPLOYMENT]))({ subject: 'the input', check })).toBeUndefined();
    const files: Snapshot = { ...snapshotOf([DEPLOYMENT]), source: 'files' };
    expect(kubectlCommands(files)({ subject: refOf(DEPLOYMENT), check })).toBeUndefined();
  });

  it('takes a name that begins like an option for a name', () => {
    const role = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name: '--raw=/api' } };
    expect(commandFor(role, '')).toBe('kubectl get clusterrole/--raw=/api -o yaml');
  });
});

describe('a command line', () => {
  /** What a shell makes of a line, as the program sees it that the line starts. */
  function shell(): (line: string) => readonly string[] {
    const folder = temporaryFolder({ kubectl: '#!/bin/sh\nprintf \'%s\\0\' "$@"\n' });
    chmodSync(`${folder}/kubectl`, 0o755);
    return (line) => {
      const { stdout, status } = spawnSync('/bin/sh', ['-c', line], { env: { PATH: folder }, encoding: 'utf8' });
      expect(status, line).toBe(0);
      return stdout.split('\0').slice(0, -1);
    };
  }

  it('reaches kubectl word for word through a shell', () => {
    const wordsOf = shell();
    const hostile = fc.constantFrom(
      "'",
      '"',
      '$(id)',
      '`id`',
      '\\',
      '\n',
      ' ',
      ';',
      '*',
      '~',
      '!',
      '#',
      'jsonpath=',
      '=',
      'ä',
    );
    const word = fc.oneof(fc.string({ unit: fc.oneof(hostile, fc.string({ maxLength: 1 })) }), fc.string());
    fc.assert(
      fc.property(
        fc.array(
          word.filter((text) => !text.includes('\0')).map((text) => text.toWellFormed()),
          { minLength: 1, maxLength: 6 },
        ),
        (words) => {
          expect(wordsOf(commandLine(words))).toEqual(words);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('of any object and path is one that a shell gives to kubectl as it was meant', () => {
    const wordsOf = shell();
    const key = fc.oneof(fc.string(), fc.constantFrom('a.b', "it's", '$HOME', 'x{y}', 'a,b', '日本'));
    fc.assert(
      fc.property(fc.array(key, { minLength: 1, maxLength: 4 }), fc.string({ minLength: 1 }), (path, name) => {
        const leaf = path.reduceRight<unknown>((value, step) => ({ [step]: value }), 'leaf') as object;
        const safe = name.replaceAll('\0', '').toWellFormed() || 'x';
        const object = { ...leaf, apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: safe, namespace: 'prod' } };
        if (path.some((step) => step.includes('\0') || !step.isWellFormed() || step === '__proto__')) return;
        const line = kubectlCommands(snapshotOf([object]))({
          subject: 'x',
          where: { object: refOf(object), path: formatPath(path) },
          check: { id: 'a/b', needs: [] },
        });
        const words = wordsOf(line ?? '');
        expect(words.slice(0, 3)).toEqual(['-n', 'prod', 'get']);
        expect(words).toContain('-o');
        expect(words.at(-1)).toMatch(/^(?:yaml|jsonpath=\{[\s\S]+\})$/);
        expect(safe.startsWith('-') ? words[3] : words[4]).toBe(safe.startsWith('-') ? `configmap/${safe}` : safe);
      }),
      { numRuns: 100 },
    );
  });
});
