import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/core/errors.ts';
import { completeAnswers, parseAssignment } from '../../src/scaffold/answers.ts';

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
  ['autoscaling', 'memory'],
  ['maxReplicas', 1],
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

  it('refuse an autoscaler whose most is less than its fewest', () => {
    const given = { autoscaling: 'cpu', replicas: 12 };
    expect(refusalOf({ ...given, maxReplicas: 11 }).message).toMatch(/^maxReplicas is 11, fewer than the 12 replicas/);
    expect(completeAnswers(given)).toMatchObject({ maxReplicas: 12 });
    expect(completeAnswers({ replicas: 12, maxReplicas: 11 })).toMatchObject({ autoscaling: 'none' });
  });

  it('take the class from the controller, and the controller from the class', () => {
    expect(completeAnswers({ ingressController: 'aws' })).toMatchObject({ ingressClass: 'alb' });
    expect(completeAnswers({ ingressClass: 'haproxy' })).toMatchObject({ ingressController: 'haproxy' });
    expect(completeAnswers({ ingressClass: 'nginx' })).toMatchObject({ ingressController: 'nginx-inc' });
    expect(completeAnswers({ ingressClass: 'kong' })).toMatchObject({
      ingressController: 'other',
      controllerNamespace: 'kong',
    });
    expect(completeAnswers({ exposure: 'gateway', gatewayClass: 'envoy' })).toMatchObject({
      controllerNamespace: 'envoy',
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
