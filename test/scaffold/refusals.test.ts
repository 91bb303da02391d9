import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCli } from '../cli/run-cli.ts';
import { temporaryFolder } from '../cli/temporary-folder.ts';
import { filesBelow, initIn, scaffolded, textOf } from './scaffolded.ts';

const BIN = join(import.meta.dirname, '../../bin/qna-ready.ts');
const NOBODY = '65534:65534';
const [MOUNT, UNMOUNT] = ['/bin/mount', '/bin/umount'] as const;

interface Refusal {
  readonly files?: Readonly<Record<string, string>>;
  readonly prepare?: (root: string) => void;
  readonly args?: readonly string[];
  readonly says: RegExp;
}

const REFUSALS: Readonly<Record<string, Refusal>> = {
  'a file where a folder should be': { files: { k8s: 'no folder' }, says: /k8s is a file where a folder should be\./ },
  'a file in place of the record': {
    files: { '.qna-ready': '' },
    says: /\.qna-ready is a file where a folder should be\./,
  },
  'a folder where a file should be': { files: { 'k8s/service.yaml/x': '' }, says: /service\.yaml is no file/ },
  'a link that leads out of the project': {
    prepare: (root) => symlinkSync(temporaryFolder(), join(root, 'k8s')),
    says: /k8s is a symbolic link that leads out of the project/,
  },
  'a link of a file that leads out of the project': {
    prepare: (root) => symlinkSync('/etc/hostname', join(root, 'Dockerfile')),
    says: /Dockerfile is a symbolic link that leads out of the project/,
  },
  'a link that leads nowhere': {
    prepare: (root) => symlinkSync('nowhere', join(root, 'docs')),
    says: /docs is a symbolic link that leads nowhere\./,
  },
  'a record that is broken': { files: { '.qna-ready/manifest.json': '{"files":' }, says: /manifest\.json is broken/ },
  'a record that is something else': { files: { '.qna-ready/manifest.json': '[]' }, says: /manifest\.json is broken/ },
  'a record of a newer version': {
    files: { '.qna-ready/manifest.json': '{"version": 2, "files": {}}' },
    says: /newer version/,
  },
  'texts of an earlier run that are broken': {
    files: { '.qna-ready/manifest.json': '{"files": {}}', '.qna-ready/base.json': '{"files": {"a": 1}}' },
    says: /base\.json is broken/,
  },
  'answers that are broken': {
    files: { '.qna-ready/answers.yaml': 'name: qna\nport: [\n' },
    says: /answers\.yaml:\d+:\d+: the answers cannot be read/,
  },
  'answers with a key twice': {
    files: { '.qna-ready/answers.yaml': 'name: a\nname: b\n' },
    says: /answers\.yaml:2:1: the answers cannot be read/,
  },
  'answers of a newer version': { files: { '.qna-ready/answers.yaml': 'version: 3\n' }, says: /has version 3/ },
  'answers by an old name and its new one': {
    files: { '.qna-ready/answers.yaml': 'ingressNamespace: a\ncontrollerNamespace: b\n' },
    says: /has both ingressNamespace and controllerNamespace/,
  },
  'answers that are a list': { files: { '.qna-ready/answers.yaml': '- name\n' }, says: /holds no answers/ },
  'an answers file that does not exist': { args: ['--answers', 'nowhere.yaml'], says: /nowhere\.yaml cannot be read/ },
  'a name that is no DNS label': { args: ['--name', 'QnA Agent'], says: /name must be lower-case letters/ },
  'a --set without a value': { args: ['--set', 'port'], says: /is not of the form NAME=VALUE/ },
  'a --set of nothing known': { args: ['--set', 'prot=1'], says: /no answer called "prot"/ },
  'a repository that git cannot read': {
    prepare: (root) => writeFileSync(join(root, '.git'), 'gitdir: nowhere\n'),
    says: /Whether git tracks k8s\/secrets\.yaml cannot be told/,
  },
};

describe('init refuses', () => {
  it.each(Object.entries(REFUSALS))(
    '%s with a sentence and exit code 2, and writes nothing',
    async (_what, refusal) => {
      const root = temporaryFolder(refusal.files);
      refusal.prepare?.(root);
      const before = listing(root);
      const { exitCode, stdout, stderr } = await initIn(root, refusal.args);
      expect(stderr).toMatch(refusal.says);
      expect(stderr).not.toMatch(/ at .*:\d+:\d+\)|this is a bug/);
      expect(stdout).toBe('');
      expect(exitCode).toBe(2);
      expect(listing(root)).toEqual(before);
    },
  );

  it('a folder that is a file', async () => {
    const cwd = temporaryFolder({ project: '' });
    const { exitCode, stderr } = await runCli(['init', 'project'], { cwd });
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/project is a file where the folder of the project should be\./);
    expect((await runCli(['init', 'project/deeper'], { cwd })).exitCode).toBe(2);
  });

  it.skipIf(process.platform !== 'linux')('a place where no folder can be made, at once', async () => {
    const { exitCode, stdout, stderr } = await runCli(['init', '/proc/qna-ready/deeper']);
    expect(stderr).toMatch(/The files cannot be written to \/proc\/qna-ready\/deeper|permission is denied/);
    expect(stdout).toBe('');
    expect(exitCode).toBe(2);
  });

  it.skipIf(!canBeNobody()).each([
    ['a folder that is read-only', '.', 0o555, /cannot be written to: permission is denied/],
    ['a folder of it that is read-only', 'k8s', 0o555, /k8s cannot be written to: permission is denied/],
    ['a folder that cannot be entered', '.', 0o600, /cannot be looked at: /],
    ['a folder of it that cannot be entered', 'k8s', 0o600, /cannot be looked at: /],
    ['answers that cannot be read', '.qna-ready/answers.yaml', 0o000, /answers\.yaml cannot be read: /],
  ])('%s, and leaves it as it was', (_what, path, mode, says) => {
    const root = temporaryFolder({ 'k8s/note.txt': '', '.qna-ready/answers.yaml': 'name: qna\n' });
    execFileSync('chown', ['-R', NOBODY, root]);
    const before = listing(root);
    chmodSync(join(root, path), mode);
    const { status, stdout, stderr } = asNobody('init', root, '--yes');
    chmodSync(join(root, path), 0o755);
    expect(stderr).toMatch(says);
    expect(stderr).not.toContain('this is a bug');
    expect(stdout).toBe('');
    expect(status).toBe(2);
    expect(listing(root)).toBe(before);
  });

  it.skipIf(!canMount())('a disk that is read-only, and one that is full, and leaves them as they were', async () => {
    const folder = temporaryFolder();
    const readOnly = join(folder, 'read-only');
    const full = join(folder, 'full');
    for (const path of [readOnly, full]) mkdirSync(path);
    try {
      mount(readOnly, 'ro');
      mount(full, 'size=64k');
      expect(await initIn(readOnly)).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('it is read-only') });
      expect(await initIn(full)).toMatchObject({
        exitCode: 2,
        stderr: expect.stringMatching(/no space left[\s\S]*Nothing was changed/i),
      });
      expect(filesBelow(full)).toEqual([]);
    } finally {
      for (const path of [readOnly, full]) execFileSync(UNMOUNT, [path], { stdio: 'ignore' });
    }
  });
});

describe('init accepts', () => {
  it('a folder that does not exist yet', async () => {
    const cwd = temporaryFolder();
    expect((await runCli(['init', 'new/qna'], { cwd })).exitCode).toBe(0);
    expect(textOf(cwd, 'new/qna/k8s/service.yaml')).toContain('name: qna\n');
  });

  it('a link that stays in the project', async () => {
    const root = temporaryFolder({ 'deploy/note.txt': '' });
    symlinkSync('deploy', join(root, 'k8s'));
    expect((await initIn(root)).exitCode).toBe(0);
    expect(filesBelow(join(root, 'deploy'))).toContain('service.yaml');
  });

  it('a dry run, which tells the same and writes nothing', async () => {
    const root = temporaryFolder();
    const dry = await initIn(root, ['--dry-run']);
    expect(filesBelow(root)).toEqual([]);
    expect(dry.stdout).toMatch(/^A dry run: nothing was written, 34 of 34 files would be\.$/m);
    const wet = await initIn(root);
    const rows = (text: string) => text.split('\n').filter((line) => /^create/.test(line));
    expect(rows(wet.stdout)).toEqual(rows(dry.stdout));
  });

  it('answers from a file, from --set and from flags, each before the one before it', async () => {
    const { root } = await scaffolded(['--answers', 'a.yaml', '--set', 'port=9001', '--port', '9002'], {
      'a.yaml': 'version: 1\nname: from-file\nport: 9000\nreplicas: 4\n',
    });
    expect(textOf(root, 'k8s/configmap.yaml')).toContain('PORT: "9002"');
    expect(textOf(root, 'k8s/deployment.yaml')).toContain('replicas: 4');
    expect(textOf(root, 'k8s/service.yaml')).toContain('name: from-file');
  });

  it('what the repository tells by itself', async () => {
    const { root, stdout } = await scaffolded([], {
      'package.json': '{"name": "@team/QnA_Agent", "scripts": {"start": "node --enable-source-maps dist/main.js"}}',
      Dockerfile: 'FROM a AS b\nEXPOSE 1234\nFROM c\nEXPOSE 3000/tcp\n',
    });
    expect(textOf(root, '.qna-ready/answers.yaml')).toMatch(/^name: qna-agent$/m);
    expect(textOf(root, '.qna-ready/answers.yaml')).toMatch(/^entryPoint: dist\/main\.js$/m);
    expect(textOf(root, 'k8s/configmap.yaml')).toContain('PORT: "3000"');
    expect(stdout).toMatch(/^kept +Dockerfile/m);
    rmSync(join(root, 'Dockerfile'));
  });

  it('what manifests that are there tell, and leaves them alone', async () => {
    const text = `apiVersion: apps/v1
kind: Deployment
metadata: { name: answers, namespace: team }
spec:
  replicas: 4
  template:
    spec:
      containers: [{ name: app, image: 'registry.example/answers:2.1.0', ports: [{ containerPort: 7000 }] }]
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: answers }
spec: { ingressClassName: haproxy, rules: [{ host: answers.team.org }] }
`;
    const { root } = await scaffolded([], {
      'deploy/app.yaml': text,
      'deploy/broken.yaml': 'a: [',
      'k8s/x.yaml': '- 1',
    });
    const answers = textOf(root, '.qna-ready/answers.yaml');
    for (const line of ['name: answers', 'namespace: team', 'replicas: 4', 'port: 7000', 'host: answers.team.org'])
      expect(answers).toContain(`\n${line}\n`);
    expect(answers).toContain('\ningressController: haproxy\n');
    expect(answers).toContain('\nimage: registry.example/answers:2.1.0\n');
    expect(textOf(root, 'deploy/app.yaml')).toBe(text);
  });

  it.each([
    ['git@github.com:Team-X/Some_Repo.git', 'image: ghcr.io/team-x/qna:0.1.0', 'ci: github'],
    ['https://user:secret@gitlab.com/group/sub/repo', 'image: registry.gitlab.com/group/sub/repo:0.1.0', 'ci: gitlab'],
    ['/srv/git/x.git', 'image: ghcr.io/example/qna:0.1.0', 'ci: none'],
  ])('what the remote %s tells, and no password of it', async (remote, image, ci) => {
    const root = temporaryFolder({ 'package.json': '{"name": "qna"}' });
    execFileSync('git', ['init', '--quiet', root]);
    execFileSync('git', ['-C', root, 'remote', 'add', 'origin', remote]);
    const { exitCode } = await initIn(root);
    expect(exitCode).toBe(0);
    const answers = textOf(root, '.qna-ready/answers.yaml');
    expect(answers).toContain(`\n${image}\n`);
    expect(answers).toContain(`\n${ci}\n`);
    for (const path of filesBelow(root)) expect(textOf(root, path)).not.toContain('user:secret');
  });

  it('a project in Python, and gives it a Dockerfile of its own', async () => {
    const { root } = await scaffolded([], { 'requirements.txt': 'fastapi\n', 'app/main.py': '' });
    expect(textOf(root, 'Dockerfile')).toMatch(/^FROM python:[\s\S]*CMD \["python", "app\/main\.py"\]$/m);
  });
});

describe('what init says', () => {
  it('names the placeholders that are left, the order of applying, and no secret', async () => {
    const { stdout } = await scaffolded(['--name', 'qna']);
    expect(stdout).toContain('ghcr.io/example/qna:0.1.0 is only a placeholder');
    expect(stdout).toContain(
      'kubectl apply -f k8s/namespace.yaml -f k8s/secrets.yaml && kubectl apply -k overlays/prod',
    );
    const named = await scaffolded(['--image', 'ghcr.io/team/qna:1.0.0', '--host', 'ask.team.org']);
    expect(named.stdout).not.toContain('placeholder');
  });
});

function listing(root: string): string {
  return execFileSync('find', [root, '-printf', '%p %y %T@ %s\n'], { encoding: 'utf8' });
}

/** Root may do everything, so that no permission could be missing. */
function asNobody(...args: readonly string[]) {
  const [uid, gid] = NOBODY.split(':').map(Number) as [number, number];
  return spawnSync(process.execPath, [BIN, ...args], { encoding: 'utf8', cwd: '/', uid, gid });
}

function canBeNobody(): boolean {
  return process.getuid?.() === 0 && asNobody('--version').status === 0;
}

function mount(path: string, options: string): void {
  execFileSync(MOUNT, ['-t', 'tmpfs', '-o', options, 'tmpfs', path], { stdio: 'ignore' });
}

function canMount(): boolean {
  const path = join('/tmp', `qna-ready-mount-${process.pid}`);
  mkdirSync(path);
  try {
    mount(path, 'size=4k');
    execFileSync(UNMOUNT, [path], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  } finally {
    rmSync(path, { recursive: true });
  }
}
