import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { EXIT_CODES, type Report } from '../../src/core/report.ts';
import { repositoryOf } from '../cli/git-repository.ts';
import { CONFIG_MAP, DEPLOYMENT, SERVICE } from '../cli/manifests.ts';
import { temporaryFolder } from '../cli/temporary-folder.ts';
import { packProgram } from './npm-package.ts';
import { ACTION, act, ROOT } from './run-action.ts';

const BAD = { 'k8s/app.yaml': DEPLOYMENT, 'k8s/service.yaml': SERVICE };

describe('the GitHub Action', () => {
  it('has one step of its own, which no input can become code of', () => {
    expect(ACTION.runs.using).toBe('composite');
    expect(ACTION.runs.steps).toHaveLength(1);
    for (const { run = '', uses, shell } of ACTION.runs.steps) {
      expect(uses).toBeUndefined();
      expect(shell).toBe('bash');
      expect(run).not.toContain('${{');
    }
    const told = [...Object.values(ACTION.inputs), ...Object.values(ACTION.outputs)].map(
      ({ description }) => description,
    );
    expect(told.every((sentence) => sentence.endsWith('.'))).toBe(true);
  });

  it.each([
    ['ready', { 'k8s/settings.yaml': CONFIG_MAP }],
    ['not-ready', BAD],
    ['unusable', { 'k8s/app.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: [\n' }],
    ['unknown', { 'k8s/kustomization.yaml': 'namePrefix: a-\nresources: [app.yaml]\n', 'k8s/app.yaml': CONFIG_MAP }],
  ])('tells %s as its output and by its exit code', (verdict, files) => {
    // Nothing but what is needed is on this path: neither kustomize nor kubectl.
    const bin = temporaryFolder();
    for (const name of ['bash', 'sed', 'mktemp', 'dirname', 'sort', 'git', 'node']) linkProgram(bin, name);
    const { status, outputs } = act(temporaryFolder(files), { paths: 'k8s' }, { env: { PATH: bin } });
    const expected = EXIT_CODES.find((one) => one.verdict === verdict)?.code;
    expect({ status, verdict: outputs.verdict, code: outputs['exit-code'] }).toEqual({
      status: expected,
      verdict,
      code: String(expected),
    });
    expect((JSON.parse(readFileSyncOr(outputs.report)) as Report).summary.verdict).toBe(verdict);
  });

  it('makes annotations and a summary, and writes the reports that are asked for', () => {
    const cwd = temporaryFolder(BAD);
    const reports = 'sarif=out/qna.sarif\n\njunit=qna ready.xml\r\n';
    const { stdout, summary } = act(cwd, { paths: 'k8s', reports });
    expect(stdout).toMatch(/^::error title=/);
    expect(stdout).toContain('file=k8s/app.yaml,line=');
    expect(summary).toContain('# qna-ready gate: Not ready');
    expect(readdirSync(cwd)).toContain('qna ready.xml');
    expect(existsSync(join(cwd, 'out/qna.sarif'))).toBe(true);
  });

  it('hands down every input', () => {
    const { folder } = repositoryOf(BAD);
    writeFileSync(join(folder, 'k8s/more.yaml'), CONFIG_MAP);
    writeFileSync(join(folder, 'k8s/and more.yaml'), CONFIG_MAP.replace('settings', 'more'));
    expect(act(folder, { 'changed-since': 'main' }).status).toBe(0);
    expect(act(folder, { 'working-directory': 'k8s' }).status).toBe(1);
    expect(act(folder, { paths: 'k8s/more.yaml\n\nk8s/and more.yaml\r\n' }).status).toBe(0);
    expect(act(folder, { args: '--only\nport/single-source', 'fail-on': 'error' }).stdout).not.toContain('probes/');
  });

  it.each([
    ['paths', '$(touch x)'],
    ['paths', '"; touch x; "'],
    ['paths', "'; touch x; '"],
    ['paths', '`touch x`'],
    ['paths', 'k8s\n--report=json=x'],
    ['paths', '$(touch\n x)'],
    ['paths', '-n'],
    ['changed-since', '$(touch x)'],
    ['changed-since', '--output=x'],
    ['changed-since', 'main\nx'],
    ['fail-on', '$(touch x)'],
    ['fail-on', 'error --report=json=x'],
    ['reports', '$(touch x)'],
    ['args', '$(touch x)'],
    ['args', '; touch x'],
    ['working-directory', '$(touch x)'],
    ['working-directory', '"; touch x; "'],
    ['version', '0.1.0; touch x'],
    ['version', '$(touch x)'],
    ['version', '--registry=http://127.0.0.1:9'],
    ['version', '0.1.0 x'],
    ['version', '../x'],
  ])('reads %s %j as a value and never as code', (input, value) => {
    const cwd = temporaryFolder(BAD);
    const { status, outputs } = act(cwd, { [input]: value });
    expect(status).toBe(2);
    expect(outputs).toEqual({ verdict: 'unusable', 'exit-code': '2', report: '' });
    expect(readdirSync(cwd)).toEqual(['k8s']);
  });

  it('lets no name of a file, and no message, speak to the runner', () => {
    const name = 'k8s/a\n::add-mask::b\n##[add-mask]c\nd=e.yaml';
    const { stdout, lines } = act(
      temporaryFolder({ ...BAD, [name]: 'apiVersion: v1\nkind: ConfigMap\nmetadata: [\n' }),
    );
    expect(stdout).not.toMatch(/^\s*::(?!error|warning|notice)/m);
    // A line that is a command of the new form is not read for one of the old.
    expect(stdout).not.toMatch(/^(?!::).*##\[/m);
    const refused = act(temporaryFolder(BAD), { paths: 'gone ::error::x ##[add-mask]y' });
    expect(refused.stdout).toMatch(/^qna-ready \| qna-ready: gone ::error::x # \[add-mask\]y cannot be read/m);
    expect(lines).toHaveLength(3);
  });

  it('takes a Node.js that is new enough from beside the one of the job, and asks for one where there is none', () => {
    const bin = temporaryFolder();
    for (const name of ['bash', 'sed', 'mktemp', 'dirname', 'sort', 'git']) linkProgram(bin, name);
    writeFileSync(join(bin, 'node'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    const cwd = temporaryFolder({ 'settings.yaml': CONFIG_MAP });
    const none = act(cwd, {}, { env: { PATH: bin, RUNNER_TOOL_CACHE: temporaryFolder() } });
    expect(none.stdout).toBe(
      '::error title=qna-ready::It needs Node.js 22.19 or later: put a step with actions/setup-node before it.\n',
    );
    expect(none.outputs.verdict).toBe('unusable');
    const cache = temporaryFolder();
    mkdirSync(join(cache, 'node/24.11.0/x64/bin'), { recursive: true });
    symlinkSync(process.execPath, join(cache, 'node/24.11.0/x64/bin/node'));
    expect(act(cwd, {}, { env: { PATH: bin, RUNNER_TOOL_CACHE: cache } }).status).toBe(0);
  });

  it('takes a version from the registry of npm where one is named', async () => {
    const registry = spawn(process.execPath, [join(import.meta.dirname, 'npm-registry.mjs'), packProgram('0.0.7')], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    onTestFinished(() => void registry.stdin.end());
    const [url] = (await once(registry.stdout, 'data')) as [Buffer];
    const env = { npm_config_registry: url.toString().trim() };
    const cwd = temporaryFolder(BAD);
    for (const version of ['0.0.7', 'latest']) {
      const { status, outputs, stdout } = act(cwd, { version }, { env });
      expect({ status, verdict: outputs.verdict }).toEqual({ status: 1, verdict: 'not-ready' });
      expect(stdout).toMatch(/^::error title=/);
    }
    const gone = act(cwd, { version: '9.9.9' }, { env });
    expect({ status: gone.status, verdict: gone.outputs.verdict }).toEqual({ status: 2, verdict: 'unusable' });
    expect(gone.stdout).toContain('qna-ready | npm error');
  });

  it('says so where its packages cannot be installed', () => {
    const actionPath = temporaryFolder();
    mkdirSync(join(actionPath, 'ci/github'), { recursive: true });
    symlinkSync(join(ROOT, 'ci/github/gate.sh'), join(actionPath, 'ci/github/gate.sh'));
    const { stdout, outputs } = act(temporaryFolder(BAD), {}, { actionPath });
    expect(stdout).toMatch(/^npm \| /);
    expect(stdout).toContain('::error title=qna-ready::The packages that it needs could not be installed');
    expect(outputs.verdict).toBe('unusable');
  });
});

function linkProgram(bin: string, name: string): void {
  const found =
    name === 'node'
      ? process.execPath
      : spawnSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).stdout.trim();
  symlinkSync(found, join(bin, name));
}

function readFileSyncOr(file: string | undefined): string {
  return readFileSync(file ?? '', 'utf8');
}
