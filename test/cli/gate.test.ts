import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Report } from '../../src/core/report.ts';
import { httpServer } from '../sources/endpoint-servers.ts';
import { CONFIG_MAP, DEPLOYMENT, SERVICE } from './manifests.ts';
import { runCli } from './run-cli.ts';
import { temporaryFolder } from './temporary-folder.ts';

const BAD = { 'k8s/app.yaml': DEPLOYMENT, 'k8s/service.yaml': SERVICE };
const GITHUB = (folder: string) => ({ GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: join(folder, 'summary.md') });

function read(folder: string, file: string): string {
  return readFileSync(join(folder, file), 'utf8');
}

describe('gate', () => {
  it.each([
    ['what fails', BAD, 1],
    ['what is ready', { 'k8s/settings.yaml': CONFIG_MAP }, 0],
    ['what cannot be read', { 'k8s/app.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: [\n' }, 2],
  ])('judges %s in the folder as validate does, with the same exit code', async (_, files, exitCode) => {
    const cwd = temporaryFolder(files);
    const gate = await runCli(['gate', '--report', 'json'], { cwd });
    const validate = await runCli(['validate', '.', '--report', 'json'], { cwd });
    expect(gate.exitCode).toBe(exitCode);
    expect(validate.exitCode).toBe(exitCode);
    const { findings, items, summary, command } = JSON.parse(gate.stdout) as Report;
    expect({ findings, items, summary }).toEqual({
      findings: (JSON.parse(validate.stdout) as Report).findings,
      items: (JSON.parse(validate.stdout) as Report).items,
      summary: (JSON.parse(validate.stdout) as Report).summary,
    });
    expect(command).toBe('gate');
  });

  it('does what its configuration says, with the paths of that folder, and what is given before it', async () => {
    const cwd = temporaryFolder({
      'app/k8s/app.yaml': DEPLOYMENT,
      'app/k8s/service.yaml': SERVICE,
      'app/other/settings.yaml': CONFIG_MAP,
      'app/ci/qna.yaml': 'gate: { paths: [../k8s], reports: { json: out/report.json }, failOn: error }\n',
    });
    const config = ['--config', 'app/ci/qna.yaml'];
    const { stdout, exitCode } = await runCli(['gate', ...config], { cwd });
    expect(exitCode).toBe(1);
    expect(stdout).toContain('gate of files app/k8s');
    const report = JSON.parse(read(cwd, 'app/ci/out/report.json')) as Report;
    expect(
      report.findings.some(({ where }) => where !== undefined && 'file' in where && where.file === 'app/k8s/app.yaml'),
    ).toBe(true);
    expect((await runCli(['gate', 'app/other', ...config], { cwd })).exitCode).toBe(0);
  });

  it('fails at the severity of the configuration, unless one is given', async () => {
    const files = { ...BAD, 'qna-ready.config.yaml': 'gate: { paths: [k8s], failOn: error }\n' };
    const cwd = temporaryFolder(files);
    const { stdout } = await runCli(['gate', '--report', 'json'], { cwd });
    const warned = (JSON.parse(stdout) as Report).findings.find(
      ({ outcome, severity }) => outcome === 'fail' && severity === 'warning',
    );
    const narrowed = ['--only', warned?.check ?? ''];
    expect((await runCli(['gate', ...narrowed], { cwd })).exitCode).toBe(0);
    expect((await runCli(['gate', ...narrowed, '--fail-on', 'warning'], { cwd })).exitCode).toBe(1);
  });

  it.each([
    ['a path that is none', 'gate: { paths: [""] }', 'gate.paths.0'],
    ['a field that there is not', 'gate: { path: [k8s] }', '(path)'],
    ['a format that there is not', 'gate: { reports: { xml: a.xml } }', '(xml)'],
    ['an address that is none', 'gate: { urls: [qna.example.com] }', 'gate.urls.0'],
    ['nothing to look at', 'gate: { paths: [] }', 'nothing to look at'],
  ])('refuses %s in a sentence', async (_, configuration, said) => {
    const { exitCode, stderr } = await runCli(['gate'], {
      cwd: temporaryFolder({ ...BAD, 'qna-ready.config.yaml': configuration }),
    });
    expect(exitCode).toBe(2);
    expect(stderr).toContain(said);
  });

  it('uses the baseline that stands in its place, the one of the configuration, or the one that is given', async () => {
    const cwd = temporaryFolder(BAD);
    expect((await runCli(['gate', '--report', 'json=.qna-ready/baseline.json'], { cwd })).exitCode).toBe(1);
    expect((await runCli(['gate'], { cwd })).exitCode).toBe(0);
    mkdirSync(join(cwd, 'ci'));
    writeFileSync(
      join(cwd, 'ci/nothing.json'),
      JSON.stringify({ ...JSON.parse(read(cwd, '.qna-ready/baseline.json')), findings: [] }),
    );
    writeFileSync(join(cwd, 'qna-ready.config.yaml'), 'gate: { baseline: ci/nothing.json }\n');
    expect((await runCli(['gate'], { cwd })).exitCode).toBe(1);
    expect((await runCli(['gate', '--baseline', '.qna-ready/baseline.json'], { cwd })).exitCode).toBe(0);
    writeFileSync(join(cwd, 'qna-ready.config.yaml'), 'gate: { baseline: gone.json }\n');
    expect((await runCli(['gate'], { cwd })).stderr).toContain('gone.json');
  });

  it('looks at a running service too, in the same report', async () => {
    await using server = await httpServer((_, response) => void response.writeHead(404).end());
    const cwd = temporaryFolder({
      'a.yaml': CONFIG_MAP,
      'qna-ready.config.yaml': `gate: { paths: [a.yaml], urls: ['${server.url}'] }\n`,
    });
    const { stdout, exitCode } = await runCli(['gate', '--report', 'json'], { cwd });
    const { sources } = JSON.parse(stdout) as Report;
    expect(sources.map(({ name }) => name)).toEqual(['files', 'endpoint']);
    expect(exitCode).toBe(1);
  });

  it('looks at the cluster that the configuration names, and says why it cannot', async () => {
    const cwd = temporaryFolder({
      'a.yaml': CONFIG_MAP,
      'qna-ready.config.yaml': 'gate: { cluster: { context: staging, namespaces: [qna] } }\n',
    });
    const { exitCode, stderr } = await runCli(['gate'], { cwd, env: { KUBECONFIG: join(cwd, 'none') } });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('KUBECONFIG names');
  });
});

describe('gate in a pipeline', () => {
  it('tells annotations on GitHub, and appends the summary of the job', async () => {
    const cwd = temporaryFolder({ ...BAD, 'summary.md': 'of a step before' });
    const { stdout } = await runCli(['gate', 'k8s'], { cwd, env: GITHUB(cwd) });
    const lines = stdout.trimEnd().split('\n');
    expect(lines.every((line) => /^::(?:error|warning|notice) /.test(line))).toBe(true);
    expect(stdout).toContain('file=k8s/app.yaml,line=');
    const summary = read(cwd, 'summary.md');
    expect(summary).toMatch(/^of a step before\n# qna-ready gate: Not ready\n/);
    expect(summary).toContain('## Findings');
  });

  it('places what is shown at lines below the top folder of the checkout, wherever it runs', async () => {
    const top = temporaryFolder({
      'app/k8s/app.yaml': DEPLOYMENT,
      'app/k8s/service.yaml': SERVICE,
      'app/a.yaml': 'apiVersion: v1\nkind: [',
    });
    const cwd = join(top, 'app');
    const github = await runCli(['gate', '--report', 'json=r.json'], {
      cwd,
      env: { GITHUB_ACTIONS: 'true', GITHUB_WORKSPACE: top },
    });
    expect(github.stdout).toContain('file=app/k8s/app.yaml,line=');
    expect(github.stdout).toContain('file=app/a.yaml,line=');
    expect(github.stdout).not.toContain('file=k8s/');
    expect(read(cwd, 'r.json')).toContain('"file": "k8s/app.yaml"');
    const gitlab = ['gate', 'k8s', '--report', 'gitlab=gitlab.json', '--report', 'text'];
    await runCli(gitlab, { cwd, env: { GITLAB_CI: 'true', CI_PROJECT_DIR: top } });
    expect(read(cwd, 'gitlab.json')).toContain('"path": "app/k8s/app.yaml"');
    const elsewhere = await runCli(['gate', 'k8s'], {
      cwd,
      env: { GITHUB_ACTIONS: 'true', GITHUB_WORKSPACE: temporaryFolder() },
    });
    expect(elsewhere.stdout).toContain('file=k8s/app.yaml,line=');
  });

  it('keeps to the report that is asked for, and to text elsewhere', async () => {
    const cwd = temporaryFolder(BAD);
    expect((await runCli(['gate', '--report', 'text'], { cwd, env: GITHUB(cwd) })).stdout).not.toContain('::error');
    const elsewhere = await runCli(['gate'], { cwd, env: { GITHUB_STEP_SUMMARY: join(cwd, 'elsewhere.md') } });
    expect(elsewhere.stdout).not.toContain('::error');
    expect(existsSync(join(cwd, 'elsewhere.md'))).toBe(false);
  });

  it('keeps the summary within what GitHub shows, whatever stands there, and says what was left out', async () => {
    const many = Array.from({ length: 120 }, (_, n) => `${DEPLOYMENT}---\n${SERVICE}`.replaceAll('qna', `qna-${n}`));
    const cwd = temporaryFolder({ 'all.yaml': many.join('---\n'), 'summary.md': `${'x'.repeat(200_000)}\n` });
    const { exitCode } = await runCli(['gate', 'all.yaml'], { cwd, env: GITHUB(cwd) });
    expect(exitCode).toBe(1);
    const summary = read(cwd, 'summary.md');
    expect(Buffer.byteLength(summary)).toBeLessThanOrEqual(1_048_576);
    expect(Buffer.byteLength(summary)).toBeGreaterThan(1_000_000);
    expect(summary).toMatch(
      /\*\*Left out:\*\* the last \d+ lines of this summary, \d+ findings among them, do not fit[^\n]*\n$/,
    );
  });

  it('decides all the same where the summary cannot be written', async () => {
    const cwd = temporaryFolder(BAD);
    const { exitCode, stderr } = await runCli(['gate', 'k8s'], {
      cwd,
      env: { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: join(cwd, 'no/folder/summary.md') },
    });
    expect(exitCode).toBe(1);
    expect(stderr).toContain('The summary of the job could not be written');
  });

  it('writes the report of code quality where GitLab looks for it, and tells the log the rest', async () => {
    const cwd = temporaryFolder(BAD);
    const { stdout } = await runCli(['gate', 'k8s', '--report', 'gitlab'], { cwd, env: { GITLAB_CI: 'true' } });
    expect(stdout).toContain('Not ready:');
    const issues = JSON.parse(read(cwd, 'gl-code-quality-report.json')) as readonly { readonly fingerprint: string }[];
    expect(issues.length).toBeGreaterThan(5);
    expect(JSON.parse((await runCli(['gate', 'k8s', '--report', 'gitlab'], { cwd })).stdout)).toHaveLength(
      issues.length,
    );
  });
});
