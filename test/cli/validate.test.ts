import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { Report } from '../../src/core/report.ts';
import { CONFIG_MAP, DEPLOYMENT, READY_DEPLOYMENT, SERVICE } from './manifests.ts';
import { runCli } from './run-cli.ts';
import { temporaryFolder } from './temporary-folder.ts';

const READINESS = ['--only', 'probes/readiness-probe'];

describe('validate', () => {
  it('exits 0 and says so when everything that was asked holds', async () => {
    const cwd = temporaryFolder({ 'k8s/deployment.yaml': READY_DEPLOYMENT, 'k8s/service.yaml': SERVICE });
    const { exitCode, stdout, stderr } = await runCli(['validate', 'k8s', ...READINESS], { cwd });
    expect(stdout).toContain('Ready: 1 passed');
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
  });

  it('exits 1 and points at the line when something fails', async () => {
    const cwd = temporaryFolder({ 'k8s/deployment.yaml': DEPLOYMENT, 'k8s/service.yaml': SERVICE });
    const { exitCode, stdout } = await runCli(['validate', 'k8s', ...READINESS], { cwd });
    expect(stdout).toContain('k8s/deployment.yaml:13:11');
    expect(exitCode).toBe(1);
  });

  it('resolves a Service in one file and its Deployment in another, in one List or on standard input', async () => {
    const both = `${DEPLOYMENT}--- # the front\n${SERVICE}`;
    expect((await runCli(['validate', '-', ...READINESS], { stdin: both })).exitCode).toBe(1);
    const list = JSON.stringify({
      apiVersion: 'v1',
      kind: 'List',
      items: [
        {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          metadata: { name: 'qna' },
          spec: { template: { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'api' }] } } },
        },
        { apiVersion: 'v1', kind: 'Service', metadata: { name: 'qna' }, spec: { selector: { a: 'b' } } },
      ],
    });
    const { stdout, exitCode } = await runCli(['validate', '-', ...READINESS], { stdin: list });
    expect(stdout).toContain('Deployment qna container api');
    expect(exitCode).toBe(1);
  });

  it('writes several reports in one run, and the same verdict in each', async () => {
    const cwd = temporaryFolder({ 'k8s/all.yaml': `${DEPLOYMENT}---\n${SERVICE}` });
    const { stdout, exitCode } = await runCli(
      ['validate', 'k8s', '--report', 'json', '--report', 'text=out/report.txt'],
      { cwd },
    );
    const report = JSON.parse(stdout) as Report;
    expect(report.summary.exitCode).toBe(exitCode);
    expect(execFileSync('cat', [join(cwd, 'out/report.txt')], { encoding: 'utf8' })).toContain(`exit code ${exitCode}`);
  });

  it('lets a note fail without failing the run, and fails on less than the threshold only', async () => {
    const cwd = temporaryFolder({
      'all.yaml': `${DEPLOYMENT}---\n${SERVICE}`,
      'qna-ready.config.yaml': 'severities:\n  probes/readiness-probe: note\n',
    });
    expect((await runCli(['validate', 'all.yaml', ...READINESS], { cwd })).exitCode).toBe(0);
    expect((await runCli(['validate', 'all.yaml', ...READINESS, '--fail-on', 'note'], { cwd })).exitCode).toBe(1);
  });

  it('accepts a failure that somebody waived, until the day that it expires', async () => {
    const waiver = `waivers:
  - check: probes/readiness-probe
    subject: Deployment qna container api
    reason: it has no state
    owner: platform
    expires: '2026-12-31'
`;
    const cwd = temporaryFolder({ 'all.yaml': `${DEPLOYMENT}---\n${SERVICE}`, 'qna-ready.config.yaml': waiver });
    const args = ['validate', 'all.yaml', ...READINESS];
    const before = await runCli(args, { cwd, now: new Date('2026-12-31T23:00:00Z') });
    expect(before.stdout).toContain('1 waived');
    expect(before.exitCode).toBe(0);
    expect((await runCli(args, { cwd, now: new Date('2027-01-01T00:00:00Z') })).exitCode).toBe(1);
  });

  it('tells of a waiver that is of no use any more, where it is written', async () => {
    const waivers = `waivers:
  - { check: probes/livness, reason: none, owner: platform, expires: '2026-12-31' }
  - { check: probes/readiness-probe, reason: none, owner: platform, expires: '2026-01-01' }
`;
    const cwd = temporaryFolder({ 'all.yaml': `${READY_DEPLOYMENT}---\n${SERVICE}`, 'qna-ready.config.yaml': waivers });
    const { exitCode, stdout } = await runCli(['validate', 'all.yaml', ...READINESS, '--report', 'github'], {
      cwd,
      now: new Date('2026-11-23T00:00:00Z'),
    });
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(
      /::warning title=policy\/waivers[^\n]*config.yaml,line=2,col=5::There is no check probes\/livness/,
    );
    expect(stdout).toMatch(/::warning title=policy\/waivers[^\n]*config.yaml,line=3,col=5::It expired on 2026-01-01/);
  });

  it('fails on what the baseline lacks, and on nothing else', async () => {
    const cwd = temporaryFolder({ 'all.yaml': `${DEPLOYMENT}---\n${SERVICE}` });
    const args = ['validate', '.', ...READINESS];
    expect((await runCli([...args, '--report', 'json=baseline.json'], { cwd })).exitCode).toBe(1);
    const known = await runCli([...args, '--baseline', 'baseline.json'], { cwd });
    expect([known.exitCode, known.stderr]).toEqual([0, '']);
    expect(known.stdout).toContain('1 waived');
    writeFileSync(join(cwd, 'more.yaml'), `${DEPLOYMENT}---\n${SERVICE}`.replaceAll('qna', 'other'));
    const grown = await runCli([...args, '--baseline', 'baseline.json'], { cwd });
    expect(grown.exitCode).toBe(1);
    expect(grown.stdout).toContain('1 failed');
    writeFileSync(join(cwd, 'all.yaml'), `${READY_DEPLOYMENT}---\n${SERVICE}`);
    rmSync(join(cwd, 'more.yaml'));
    const mended = await runCli([...args, '--baseline', 'baseline.json'], { cwd });
    expect([mended.exitCode, mended.stderr]).toEqual([
      0,
      "1 of the baseline's failures are gone; keep it small: --report json=baseline.json.\n",
    ]);
  });

  it('does not read what git ignores, but reads what git tracks all the same', async () => {
    const cwd = temporaryFolder({
      '.gitignore': 'generated/\n',
      'generated/all.yaml': `${DEPLOYMENT}---\n${SERVICE}`,
      'settings.yaml': CONFIG_MAP,
    });
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', ...args], { cwd });
    git('init', '--quiet');
    expect((await runCli(['validate', '.', ...READINESS], { cwd })).exitCode).toBe(0);
    git('add', '--force', 'generated/all.yaml');
    expect((await runCli(['validate', '.', ...READINESS], { cwd })).exitCode).toBe(1);
  });
});

describe('validate, given bad input', () => {
  it.each([
    ['a path that does not exist', ['validate', 'nowhere'], 'nowhere cannot be read: it does not exist.'],
    ['an empty folder', ['validate', 'empty'], 'No Kubernetes manifest was found in empty.'],
    ['a folder without a manifest', ['validate', 'other'], 'No Kubernetes manifest was found in other.'],
    ['empty standard input', ['validate', '-'], 'No Kubernetes manifest was found in <stdin>.'],
    ['a wrong flag', ['validate', '.', '--repotr'], "unknown option '--repotr'"],
    ['a wrong command', ['validte'], 'Did you mean validate?'],
    [
      'a severity for no check',
      ['validate', 'k8s', '--config', 'severities.yaml'],
      'Did you mean probes/readiness-probe?',
    ],
    [
      'a baseline that is none',
      ['validate', 'k8s', '--baseline', 'severities.yaml'],
      'severities.yaml is no saved report',
    ],
    ['a wrong format', ['validate', '.', '--report', 'xml'], 'There is no report format xml.'],
    ['two reports on standard output', ['validate', '.', '--report', 'json', '--report', 'text'], 'would be mixed'],
    [
      'a check that does not exist',
      ['validate', '.', '--only', 'probes/rediness-probe'],
      'Did you mean probes/readiness-probe?',
    ],
    [
      'a severity that does not exist',
      ['validate', '.', '--fail-on', 'fatal'],
      'Allowed choices are note, warning, error',
    ],
    [
      'a missing configuration',
      ['validate', '.', '--config', 'none.yaml'],
      'none.yaml cannot be read: it does not exist.',
    ],
  ])('says one sentence and exits 2 for %s', async (_, argv, sentence) => {
    const cwd = temporaryFolder({
      'other/README.txt': 'hello',
      'severities.yaml': 'severities: { probes/readines-probe: note }\n',
    });
    mkdirSync(join(cwd, 'empty'));
    const { exitCode, stdout, stderr } = await runCli(argv, { cwd });
    expect(stderr).toContain(sentence);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(stdout).toBe('');
    expect(exitCode).toBe(2);
  });

  it('names line and column of broken YAML, judges the other files, and exits 2', async () => {
    const cwd = temporaryFolder({
      'k8s/a.yaml': 'kind: Service\napiVersion: v1\nmetadata:\n\tname: a\n',
      'k8s/b.yaml': `${DEPLOYMENT}---\n${SERVICE}`,
    });
    const { exitCode, stdout } = await runCli(['validate', 'k8s', ...READINESS], { cwd });
    expect(stdout).toMatch(/k8s\/a\.yaml:4:\d+: it cannot be parsed/);
    expect(stdout).toContain('The container takes traffic and has no readinessProbe.');
    expect(exitCode).toBe(2);
  });

  it.each([
    [
      'a key that stands twice',
      'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\ndata: {}\ndata: {}\n',
      '5:1',
      'unique',
    ],
    ['an alias bomb', bomb(), '1:1', 'alias'],
    ['broken JSON', '{"apiVersion": "v1",\n "kind": }', '2:10', 'JSON'],
  ])('places %s', async (name, text, place, word) => {
    const cwd = temporaryFolder({ [name.includes('JSON') ? 'x.json' : 'x.yaml']: text });
    const { exitCode, stdout } = await runCli(['validate', '.'], { cwd });
    expect(stdout).toContain(`:${place}:`);
    expect(stdout.toLowerCase()).toContain(word.toLowerCase());
    expect(exitCode).toBe(2);
  });

  it('refuses binary files, files that are too large, FIFOs and unreadable bytes with a reason each', async () => {
    const cwd = temporaryFolder({
      'binary.yaml': Buffer.from([0x6b, 0x69, 0x6e, 0x64, 0x00, 0x01]),
      'latin.yaml': Buffer.from('kind: ConfigMap\napiVersion: v1\nmetadata: { name: "caf\xe9" }\n', 'latin1'),
      'large.yaml': `kind: ConfigMap\n# ${'x'.repeat(50 * 1024 * 1024)}\n`,
      'good.yaml': CONFIG_MAP,
    });
    execFileSync('mkfifo', [join(cwd, 'pipe.yaml')]);
    const { exitCode, stdout } = await runCli(['validate', '.', 'pipe.yaml'], { cwd });
    expect(stdout).toMatch(/binary\.yaml.*binary file/s);
    expect(stdout).toMatch(/latin\.yaml.*not valid UTF-8/s);
    expect(stdout).toMatch(/large\.yaml.*50 MiB/s);
    expect(stdout).toMatch(/pipe\.yaml.*not a regular file/s);
    expect(exitCode).toBe(2);
  });

  it('walks into a loop of symbolic links once, and follows a link to a file', async () => {
    const cwd = temporaryFolder({ 'k8s/all.yaml': CONFIG_MAP });
    symlinkSync('..', join(cwd, 'k8s/loop'));
    symlinkSync('self', join(cwd, 'k8s/self'));
    const { exitCode, stderr } = await runCli(['validate', '.', '--only', 'probes'], { cwd });
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
  });

  it.skipIf(process.getuid?.() === 0)('names a file that may not be read', async () => {
    const cwd = temporaryFolder({ 'a.yaml': CONFIG_MAP, 'b.yaml': CONFIG_MAP });
    chmodSync(join(cwd, 'b.yaml'), 0);
    const { exitCode, stdout } = await runCli(['validate', '.'], { cwd });
    expect(stdout).toContain('permission to read it is denied');
    expect(exitCode).toBe(2);
  });

  it('takes no pass for granted while a part of the input is unread', async () => {
    const cwd = temporaryFolder({ 'k8s/a.yaml': `${READY_DEPLOYMENT}---\n${SERVICE}`, 'k8s/b.yaml': 'kind: [\n' });
    const { stdout } = await runCli(['validate', 'k8s', ...READINESS, '--report', 'json'], { cwd });
    const report = JSON.parse(stdout) as Report;
    expect(report.items.map(({ state }) => state)).toEqual(['unknown']);
  });

  it('tells once what one gap leaves unknown for many checks', async () => {
    const cwd = temporaryFolder({ 'k8s/a.yaml': `${READY_DEPLOYMENT}---\n${SERVICE}`, 'k8s/b.yaml': 'kind: [\n' });
    const told = (await runCli(['validate', 'k8s', '--only', 'probes'], { cwd })).stdout;
    expect(told).toMatch(/^unknown \d checks k8s\n {2}A part of the input was not read: k8s\/b\.yaml\.\n {2}probes\//m);
    expect(told.match(/A part of the input was not read/g)).toHaveLength(1);
    const verbose = (await runCli(['validate', 'k8s', '--only', 'probes', '--verbose'], { cwd })).stdout;
    expect(verbose.match(/A part of the input was not read/g)?.length).toBeGreaterThan(3);
  });

  it('says that a chart is not judged where Helm is not installed, and does not call the run green', async () => {
    vi.stubEnv('PATH', '/nowhere');
    const cwd = temporaryFolder({
      'chart/Chart.yaml': 'apiVersion: v2\nname: x\nversion: 1.0.0\n',
      'chart/templates/deployment.yaml': 'kind: Deployment\napiVersion: {{ .Values.v }}\n',
      'settings.yaml': CONFIG_MAP,
    });
    const { exitCode, stdout } = await runCli(['validate', '.', '--only', 'probes'], { cwd });
    vi.unstubAllEnvs();
    expect(stdout).toMatch(/chart\W+it must be rendered to be judged, and helm is not installed/);
    expect(exitCode).toBe(3);
  });

  it('reports a report that cannot be written', async () => {
    const cwd = temporaryFolder({ 'a.yaml': CONFIG_MAP, out: 'a file, no folder' });
    writeFileSync(join(cwd, 'out'), 'x');
    const { exitCode, stderr } = await runCli(['validate', '.', '--report', 'json=out/report.json'], { cwd });
    expect(stderr).toContain('cannot be written');
    expect(exitCode).toBe(2);
  });
});

function bomb(): string {
  const levels = Array.from({ length: 9 }, (_, n) => `l${n + 1}: &l${n + 1} [${Array(9).fill(`*l${n}`).join(', ')}]`);
  return `apiVersion: v1\nkind: ConfigMap\nl0: &l0 [x]\n${levels.join('\n')}\n`;
}
