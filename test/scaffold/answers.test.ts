import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/core/errors.ts';
import { ANSWER_NAMES, completeAnswers, parseAssignment } from '../../src/scaffold/answers.ts';
import { renderSet } from '../../src/scaffold/render.ts';
import { readYaml } from './scaffolded.ts';

const REFUSED: readonly (readonly [name: string, value: unknown])[] = [
  ['name', 'QnA'],
  ['name', '1st'],
  ['name', 'a'.repeat(39)],
  ['name', 'postgres'],
  ['name', 'pg-x'],
  ['name', 'a\nb'],
  ['namespace', 'a_b'],
  ['namespace', 'a'.repeat(64)],
  ['host', 'localhost'],
  ['host', '10.0.0.1'],
  ['host', '*.example.com'],
  ['host', 'qna.example.com/x'],
  ['host', `${'a.'.repeat(130)}com`],
  ['image', 'ghcr.io/team/qna'],
  ['image', 'ghcr.io/team/qna:latest'],
  ['image', 'not an image'],
  ['image', 'ghcr.io/team/qna:1.0\n  evil: true'],
  ['port', 80],
  ['port', 70_000],
  ['port', 5432],
  ['port', '8080'],
  ['port', 8080.5],
  ['replicas', 1],
  ['storageSize', '0Gi'],
  ['storageSize', '10 Gi'],
  ['storageSize', '100Mi'],
  ['storageSize', 10],
  ['databaseMajor', 14],
  ['databaseImage', 'postgres:latest'],
  ['backupSchedule', '@daily'],
  ['backupSchedule', '60 2 * * *'],
  ['backupSchedule', '0 2 * *'],
  ['backupSchedule', '0 2 * * */0'],
  ['ingressPath', 'v1'],
  ['ingressPath', '/a//b'],
  ['ingressPath', '/../b'],
  ['clusterIssuer', ''],
  ['monitoring', 'none'],
  ['kubernetesVersion', 1.35],
  ['layout', 'jsonnet'],
  ['ingressController', 'nginx'],
  ['ageRecipient', 'AGE-SECRET-KEY-1'],
  ['databaseCidr', '10.0.0.0/33'],
  ['databaseCidr', '10.0.0.256/8'],
  ['databaseHost', 'localhost'],
  ['s3Endpoint', 'http://s3.amazonaws.com'],
  ['s3Endpoint', 'https://s3.amazonaws.com/x"'],
  ['acmeEmail', 'nobody'],
  ['entryPoint', '/etc/passwd'],
  ['entryPoint', '../x.js'],
  ['entryPoint', 'x.js", "--inspect=0.0.0.0'],
];

describe('answers', () => {
  it.each(REFUSED)('refuse %s = %j in one sentence that says what it must be', (name, value) => {
    const error = refusalOf({ [name]: value });
    expect(error.message.split('\n')[0]).toMatch(new RegExp(`^${name} must be .+\\.$`));
    expect(error.message).not.toContain('\n  evil');
    expect(error.hint).toBeDefined();
  });

  it('are all refused at once', () => {
    expect(refusalOf({ port: 1, host: 'x', replicas: 0 }).message.split('\n')).toHaveLength(3);
  });

  it('tell of a wrong name only, and not of what follows from it', () => {
    expect(refusalOf({ name: 'No Name' }).message.split('\n')).toHaveLength(1);
  });

  it('ask for what another answer needs', () => {
    expect(refusalOf({ secrets: 'sops' }).message).toMatch(/^With secrets: sops, ageRecipient must say/);
  });

  it('take the class from the controller, and the controller from the class', () => {
    expect(completeAnswers({ ingressController: 'aws' })).toMatchObject({ ingressClass: 'alb' });
    expect(completeAnswers({ ingressClass: 'haproxy' })).toMatchObject({ ingressController: 'haproxy' });
    expect(completeAnswers({ ingressClass: 'nginx' })).toMatchObject({ ingressController: 'nginx-inc' });
    expect(completeAnswers({ ingressClass: 'kong' })).toMatchObject({
      ingressController: 'other',
      ingressNamespace: 'kong',
    });
    expect(completeAnswers({ exposure: 'gateway', gatewayClass: 'envoy' })).toMatchObject({
      ingressNamespace: 'envoy',
    });
  });

  it('refuse a name that no answer has', () => {
    expect(refusalOf({ hots: 'x' }).message).toBe('There is no answer called "hots".');
  });

  it('of --set have the type that the answer has', () => {
    expect(parseAssignment('port=9090')).toEqual(['port', 9090]);
    expect(parseAssignment('kubernetesVersion=1.36')).toEqual(['kubernetesVersion', '1.36']);
    expect(parseAssignment('clusterIssuer=a=b')).toEqual(['clusterIssuer', 'a=b']);
    expect(() => parseAssignment('port')).toThrow(UserError);
  });

  it('are refused, or come out as they were meant, whatever they are', () => {
    const hostile = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        'x"\n  evil: 1',
        "'; DROP",
        '$'.concat('{name}'),
        '$(id)',
        'a: b',
        '# no',
        '---',
        '*x',
        '&x',
        '!!js',
        'yes',
        'on',
        'n',
      ),
      fc.stringMatching(/^[a-z0-9.:/-]{1,12}$/),
      // Answers that many names take, so that enough of them come to be rendered.
      fc.stringMatching(/^[a-z][a-z0-9]{2,8}$/),
      fc.integer(),
      fc.constant(null),
      fc.object({ maxDepth: 1 }),
    );
    const answers = fc.dictionary(fc.constantFrom(...ANSWER_NAMES), hostile, {
      minKeys: 1,
      maxKeys: 2,
      noNullPrototype: true,
    });
    let accepted = 0;
    fc.assert(
      fc.property(answers, (given) => {
        let complete: ReturnType<typeof completeAnswers>;
        try {
          complete = completeAnswers(given);
        } catch (error) {
          expect(error).toBeInstanceOf(UserError);
          return;
        }
        accepted += 1;
        if (accepted > 25) return;
        const objects = renderSet(complete, () => undefined, {})
          .filter(({ path }) => path.startsWith('k8s/'))
          .flatMap(({ text }) => readYaml(text));
        const named = objects.filter(({ kind }) => kind !== 'Kustomization');
        for (const { kind, metadata } of named)
          expect(kind === 'Namespace' ? metadata.name : metadata.namespace).toBe(complete.namespace);
        const { spec } = named.find(({ kind }) => kind === 'Deployment');
        expect(spec.template.spec.containers[0].image).toBe(complete.image);
        expect(spec.template.spec.containers[0].ports[0].containerPort).toBe(complete.port);
        const ingress = named.find(({ kind }) => kind === 'Ingress');
        expect(ingress.spec.rules[0].host).toBe(complete.host);
        expect(ingress.spec.ingressClassName).toBe(complete.ingressClass);
      }),
      { numRuns: 2000 },
    );
    expect(accepted).toBeGreaterThan(20);
  });
});

function refusalOf(given: Readonly<Record<string, unknown>>): UserError {
  try {
    completeAnswers(given);
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}
