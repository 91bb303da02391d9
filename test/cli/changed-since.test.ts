import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Report } from '../../src/core/report.ts';
import { repositoryOf } from './git-repository.ts';
import { DEPLOYMENT, SERVICE } from './manifests.ts';
import { runCli } from './run-cli.ts';
import { temporaryFolder } from './temporary-folder.ts';

const WITH_SECRET = DEPLOYMENT.replace(
  '          ports:\n',
  '          envFrom: [{ secretRef: { name: keys } }]\n          ports:\n',
);
const SECRET = 'apiVersion: v1\nkind: Secret\nmetadata: { name: keys }\n';
const FILES = { 'k8s/app.yaml': WITH_SECRET, 'k8s/service.yaml': SERVICE, 'k8s/keys.yaml': SECRET };
const SINCE = ['--changed-since', 'main', '--report', 'json'];

async function judged(cwd: string, args: readonly string[] = ['k8s', ...SINCE], command = 'validate') {
  const { stdout, stderr, exitCode } = await runCli([command, ...args], { cwd });
  if (stdout === '') throw new Error(stderr);
  const { findings } = JSON.parse(stdout) as Report;
  const failures = findings.filter(({ outcome }) => outcome === 'fail');
  return { exitCode, stderr, findings, failures: failures.map(({ check, subject }) => `${check}: ${subject}`) };
}

function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

describe('--changed-since', () => {
  it('lets nothing count that was there before, and tells how much that is', async () => {
    const { folder } = repositoryOf(FILES);
    expect((await judged(folder, ['k8s', '--report', 'json'])).exitCode).toBe(1);
    const { exitCode, failures, stderr, findings } = await judged(folder);
    expect({ exitCode, failures }).toEqual({ exitCode: 0, failures: [] });
    expect(stderr).toMatch(/^\d+ findings are the same at main \([0-9a-f]{8}\), and not counted\.\n$/);
    const [waived] = findings.filter(({ outcome }) => outcome === 'waived');
    expect(waived?.waiver).toEqual({
      reason: expect.stringMatching(/^It is the same at main \([0-9a-f]{8}\)\.$/),
      owner: 'the state before',
    });
  });

  it.each(['validate', 'gate'])(
    'blames %s of an untouched Deployment on the Secret that is taken away',
    async (command) => {
      const { folder, commit } = repositoryOf(FILES);
      rmSync(join(folder, 'k8s/keys.yaml'));
      commit();
      const { exitCode, failures } = await judged(folder, ['k8s', ...SINCE], command);
      expect(failures).toEqual(['secrets/reference-resolves: Deployment qna container api Secret keys']);
      expect(exitCode).toBe(1);
    },
  );

  it('looks at what is not committed, and at files that git does not know yet', async () => {
    const { folder } = repositoryOf(FILES);
    write(folder, { 'k8s/more.yaml': DEPLOYMENT.replaceAll('qna', 'other') });
    const { failures } = await judged(folder);
    expect(failures.length).toBeGreaterThan(5);
    expect(failures.filter((failure) => !failure.includes('other'))).toEqual([]);
  });

  it.each([
    'with spaces.yaml',
    'line\nbreak.yaml',
    '"quotes" and \\.yaml',
    "it's.yaml",
    'größe.yaml',
    '-n.yaml',
    '$(touch x).yaml',
  ])('takes %j for any other name, before and after', async (name) => {
    const { folder } = repositoryOf({ ...FILES, [`k8s/${name}`]: DEPLOYMENT.replaceAll('qna', 'other') });
    expect((await judged(folder)).failures).toEqual([]);
    write(folder, { [`k8s/${name}`]: DEPLOYMENT.replaceAll('qna', 'other').replace(':1.0.0', ':latest') });
    const { failures } = await judged(folder);
    expect(failures.length).toBeGreaterThan(0);
    expect(failures.filter((failure) => !failure.includes('Deployment other'))).toEqual([]);
  });

  it('blames nobody for a file that has only moved, whether a finding is about an object or about the file', async () => {
    const dockerfile = 'FROM node:24\nENV OPENAI_API_KEY=sk-proj-abcdefghijklmnopqrstuvwxyz012345\n';
    const { folder, git } = repositoryOf({ ...FILES, Dockerfile: dockerfile });
    const all = await judged(folder, ['.', '--report', 'json']);
    expect(all.failures.some((failure) => failure.includes('Dockerfile'))).toBe(true);
    mkdirSync(join(folder, 'deploy'));
    git('mv', 'Dockerfile', 'deploy/Dockerfile');
    git('mv', 'k8s/app.yaml', 'k8s/moved here.yaml');
    expect((await judged(folder, ['.', ...SINCE])).failures).toEqual([]);
  });

  it('counts a fault that has taken the place of another of the same name', async () => {
    const { folder } = repositoryOf({
      ...FILES,
      'k8s/app.yaml': WITH_SECRET.replace('spec:\n', 'spec:\n  replica: 2\n'),
    });
    write(folder, { 'k8s/app.yaml': WITH_SECRET.replace('spec:\n', 'spec:\n  minReady: 2\n') });
    const { failures, findings } = await judged(folder);
    expect(failures.length).toBeGreaterThan(0);
    expect(
      findings
        .filter(({ outcome }) => outcome === 'fail')
        .map(({ message }) => message)
        .join(),
    ).toContain('minReady');
  });

  it('counts a failure whose waiver is taken away', async () => {
    const waiver = (reason: string) =>
      `waivers: [{ check: secrets/reference-resolves, reason: ${reason}, owner: us, expires: 2099-01-01 }]`;
    const { 'k8s/keys.yaml': _, ...without } = FILES;
    const { folder } = repositoryOf({ ...without, 'qna-ready.config.yaml': waiver('later') });
    expect((await judged(folder)).failures).toEqual([]);
    write(folder, { 'qna-ready.config.yaml': '{}' });
    expect((await judged(folder)).failures).toEqual([
      'secrets/reference-resolves: Deployment qna container api Secret keys',
    ]);
  });

  it('judges then by a configuration that is no part of the repository, where one is used', async () => {
    const { 'k8s/keys.yaml': _, ...without } = FILES;
    const { folder } = repositoryOf(without);
    const outside = temporaryFolder({
      'qna.yaml': 'waivers: [{ check: secrets/reference-resolves, reason: later, owner: us, expires: 2099-01-01 }]',
    });
    const { failures, findings } = await judged(folder, ['k8s', '--config', join(outside, 'qna.yaml'), ...SINCE]);
    expect(failures).toEqual([]);
    expect(findings.filter(({ waiver }) => waiver?.owner === 'us')).toHaveLength(1);
  });

  it('knows a waiver that cannot be read again, on whatever line it stands', async () => {
    const unread = '# qna-ready: waive something\n';
    const { folder } = repositoryOf({ ...FILES, 'k8s/service.yaml': unread + SERVICE });
    write(folder, { 'k8s/service.yaml': `# A line.\n${unread}${SERVICE}` });
    expect((await judged(folder, ['k8s', '--report', 'json'])).failures.join()).toContain('service.yaml:2:');
    expect((await judged(folder)).failures).toEqual([]);
  });

  it('lets what could not be known before either hold up nobody, and still calls it unknown', async () => {
    const elsewhere = DEPLOYMENT.replace(
      '          ports:\n',
      '          env: [{ name: PORT, valueFrom: { configMapKeyRef: { name: elsewhere, key: PORT } } }]\n          ports:\n',
    );
    const { folder } = repositoryOf({ 'k8s/app.yaml': elsewhere, 'k8s/service.yaml': SERVICE });
    const only = ['--only', 'port/single-source'];
    expect((await judged(folder, ['k8s', ...only, '--report', 'json'])).exitCode).toBe(3);
    const { exitCode, findings } = await judged(folder, ['k8s', ...only, ...SINCE]);
    expect(exitCode).toBe(0);
    expect(findings.some(({ outcome }) => outcome === 'unknown')).toBe(true);
    write(folder, { 'k8s/b.yaml': `${elsewhere}---\n${SERVICE}`.replaceAll('qna', 'other') });
    expect((await judged(folder, ['k8s', ...only, ...SINCE])).exitCode).toBe(3);
  });

  it('compares with the commit that the branch has left, and not with what came after it', async () => {
    const { 'k8s/keys.yaml': secret, ...without } = FILES;
    const { folder, git, commit } = repositoryOf({ ...without, 'k8s/keys.yaml': secret });
    write(folder, { 'README.md': 'changed' });
    commit();
    git('checkout', '--quiet', 'main');
    rmSync(join(folder, 'k8s/service.yaml'));
    commit();
    git('checkout', '--quiet', 'change');
    expect((await judged(folder)).failures).toEqual([]);
  });

  it('takes files for new that are, also where there was no folder, and no manifest at all', async () => {
    const { folder } = repositoryOf({ 'README.md': 'nothing yet' });
    write(folder, FILES);
    const { exitCode, failures } = await judged(folder);
    expect(exitCode).toBe(1);
    expect(failures.length).toBeGreaterThan(5);
  });

  it('works below the top folder, by a whole path, by a pattern and through a link', async () => {
    const { folder, git } = repositoryOf({ ...FILES, 'k8s/sub/x.yaml': DEPLOYMENT.replaceAll('qna', 'x') });
    git('rm', '--quiet', 'k8s/keys.yaml');
    const link = join(temporaryFolder(), 'link');
    symlinkSync(folder, link);
    const gone = ['secrets/reference-resolves: Deployment qna container api Secret keys'];
    for (const [cwd, path] of [
      [join(folder, 'k8s'), '.'],
      [join(folder, 'k8s/sub'), '..'],
      [folder, join(folder, 'k8s')],
      [dirname(folder), join(folder, 'k8s')],
      [folder, 'k8s/*.yaml'],
      [link, 'k8s'],
      [dirname(link), join(link, 'k8s')],
    ] as const)
      expect({ cwd, path, failures: (await judged(cwd, [path, ...SINCE])).failures }).toEqual({
        cwd,
        path,
        failures: gone,
      });
  });

  it('knows then as now whether git tracked a file', async () => {
    const { folder } = repositoryOf({
      ...FILES,
      'k8s/.env': 'OPENAI_API_KEY=sk-proj-abcdefghijklmnopqrstuvwxyz012345\n',
    });
    expect((await judged(folder, ['k8s', '--report', 'json'])).failures.join()).toContain('.env');
    expect((await judged(folder)).failures).toEqual([]);
  });

  it('runs no filter, no hook and no program of the repository', async () => {
    const { folder, git } = repositoryOf({ ...FILES, '.gitattributes': '*.yaml filter=evil\n' });
    const mark = join(folder, 'ran');
    git('config', 'filter.evil.smudge', `touch ${mark}; cat`);
    git('config', 'core.fsmonitor', `touch ${mark}`);
    write(folder, { '.git/hooks/post-checkout': `#!/bin/sh\ntouch ${mark}\n` });
    git('config', 'core.hooksPath', '.git/hooks');
    expect((await judged(folder)).failures).toEqual([]);
    expect(() => rmSync(mark)).toThrow(/ENOENT/);
  });
});

describe('--changed-since where there is nothing to compare with', () => {
  async function refusal(cwd: string, ref: string, path = 'k8s') {
    const { exitCode, stderr, stdout } = await runCli(['validate', path, `--changed-since=${ref}`], { cwd });
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    return stderr;
  }

  it.each(['-', '--output=x', '--upload-pack=touch x', '', ' main', 'a b', 'main\n--all', 'main\0'])(
    'takes %j for no ref',
    async (ref) => {
      const { folder } = repositoryOf(FILES);
      expect(await refusal(folder, ref)).toContain('is not the name of a commit, a branch or a tag.');
    },
  );

  it.each(['nobody', 'HEAD:k8s', 'main..change', '@{upstream}', '$(touch$IFS)', 'refs/heads/*', ':/a'])(
    'knows no commit %j, and says how to get it',
    async (ref) => {
      const { folder } = repositoryOf(FILES);
      const said = await refusal(folder, ref);
      expect(said).toContain(`knows no ${ref}.`);
      expect(said).toContain('git fetch origin');
    },
  );

  it('says so outside a repository, before the first commit and for histories that never met', async () => {
    expect(await refusal(temporaryFolder(FILES), 'main')).toContain('is in no git repository with a working tree');
    const { folder, git, commit } = repositoryOf(FILES);
    git('checkout', '--quiet', '--orphan', 'unborn');
    expect(await refusal(folder, 'main')).toContain('has no commit yet on its branch');
    write(folder, { 'README.md': 'another beginning' });
    commit();
    expect(await refusal(folder, 'main')).toContain('HEAD and main have no commit in common.');
  });

  it('asks for the whole history where the clone is shallow', async () => {
    const { folder, commit } = repositoryOf(FILES);
    write(folder, { 'README.md': 'changed' });
    commit();
    const clone = temporaryFolder();
    const shallow = repositoryOf({});
    shallow.git('clone', '--quiet', '--depth', '1', '--branch', 'change', `file://${folder}`, join(clone, 'c'));
    expect(await refusal(join(clone, 'c'), 'origin/main')).toContain('fetch-depth: 0');
    shallow.git('-C', join(clone, 'c'), 'fetch', '--quiet', '--depth', '1', 'origin', 'main');
    expect(await refusal(join(clone, 'c'), 'FETCH_HEAD')).toContain('fetch-depth: 0');
  });

  it('says so where the clone has left the files of then away', async () => {
    const { folder, git } = repositoryOf(FILES);
    git('config', 'uploadpack.allowFilter', 'true');
    rmSync(join(folder, 'k8s/keys.yaml'));
    write(folder, { 'k8s/app.yaml': DEPLOYMENT, 'k8s/service.yaml': SERVICE.replace('80', '81') });
    git('add', '--all');
    git('-c', 'user.name=test', 'commit', '--quiet', '--message', 'a change');
    const clone = join(temporaryFolder(), 'c');
    git('clone', '--quiet', '--filter=blob:none', '--branch', 'change', `file://${folder}`, clone);
    expect(await refusal(clone, 'origin/main')).toContain('A partial clone lacks them: clone without --filter.');
  });

  it('refuses standard input and a path outside the repository', async () => {
    const { folder } = repositoryOf(FILES);
    expect(await refusal(folder, 'main', '-')).toContain('standard input has no earlier state');
    const outside = temporaryFolder(FILES);
    const { stderr } = await runCli(['validate', 'k8s', outside, '--changed-since', 'main'], { cwd: folder });
    expect(stderr).toContain(`${outside} lies outside the repository`);
  });

  it('says so where git is not installed', async () => {
    const { folder } = repositoryOf(FILES);
    const path = process.env.PATH;
    process.env.PATH = temporaryFolder();
    try {
      expect(await refusal(folder, 'main')).toContain('The command git is not installed');
    } finally {
      process.env.PATH = path;
    }
  });

  it('goes neither with --fix nor with --watch', async () => {
    const { folder } = repositoryOf(FILES);
    for (const option of ['--fix', '--watch'])
      expect((await runCli(['validate', 'k8s', option, '--changed-since', 'main'], { cwd: folder })).stderr).toContain(
        '--changed-since narrows what is told',
      );
  });

  it('counts everything as new where the earlier state cannot be read, and says so', async () => {
    const { folder } = repositoryOf({
      'k8s/app.yaml': 'apiVersion: apps/v1\nkind: Deployment\nmetadata: [\n',
      'k8s/service.yaml': SERVICE,
    });
    write(folder, { 'k8s/app.yaml': DEPLOYMENT });
    const { stderr, failures } = await judged(folder);
    expect(failures.length).toBeGreaterThan(5);
    expect(stderr).toContain('could not be read at main');
  });
});
