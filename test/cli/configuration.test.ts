import { describe, expect, it } from 'vitest';
import type { Report } from '../../src/core/report.ts';
import { DEPLOYMENT, SERVICE } from './manifests.ts';
import { runCli } from './run-cli.ts';
import { temporaryFolder } from './temporary-folder.ts';

const withEnv = (env: string) => DEPLOYMENT.replace(/^( *)- name: api$/m, `$1- name: api\n$1  env: [${env}]`);

async function judged(configuration: string, deployment: string, only: string): Promise<Report> {
  const cwd = temporaryFolder({
    'qna-ready.config.yaml': configuration,
    'k8s/all.yaml': `${deployment}---\n${SERVICE}`,
  });
  const { stdout, stderr } = await runCli(['validate', 'k8s', '--only', only, '--report', 'json'], { cwd });
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as Report;
}

const outcomes = ({ findings }: Report) => findings.map(({ outcome, subject }) => `${outcome} ${subject}`);

describe('what the owner of a service says about it', () => {
  it.each([
    ['what was found, and why', '', ['service Deployment qna: Service qna selects it']],
    [
      'the role that the owner gives',
      'roles: { database: [qna] }',
      ['database Deployment qna: the configuration says so'],
    ],
    ['no role where the owner says so', 'roles: { none: [qna] }', []],
  ])('lets a report tell %s', async (_, configuration, roles) => {
    const report = await judged(configuration, DEPLOYMENT, 'probes/readiness-probe');
    expect(report.roles.map(({ role, subject, why }) => `${role} ${subject}: ${why}`)).toEqual(roles);
  });

  it('names the setting that the service reads instead of PORT', async () => {
    const deployment = withEnv('{ name: APP_PORT, value: "9999" }');
    expect(outcomes(await judged('', deployment, 'port/single-source')).join()).not.toContain(
      'fail Deployment qna container api containerPort',
    );
    const report = await judged('aliases: { port: [APP_PORT] }', deployment, 'port/single-source');
    expect(report.findings.some(({ outcome, message }) => outcome === 'fail' && message.includes('9999'))).toBe(true);
  });

  it('names settings that are no credentials', async () => {
    const deployment = withEnv('{ name: ADMIN_PASSWORD, value: hunter2hunter2 }');
    const only = 'secrets/credential-in-env';
    expect((await judged('', deployment, only)).summary.exitCode).toBe(1);
    expect((await judged('notCredentials: [ADMIN_PASSWORD]', deployment, only)).summary.exitCode).toBe(0);
  });
});
