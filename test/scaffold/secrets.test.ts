import { execFileSync } from 'node:child_process';
import { chmodSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { filesBelow, initIn, type Plain, readYaml, scaffolded, textOf } from './scaffolded.ts';

const SECRETS = 'k8s/secrets.yaml';
const SENSITIVE = ['DATABASE_PASSWORD', 'DATABASE_URL', 'POSTGRES_PASSWORD', 'API_TOKENS'];

describe('secrets', () => {
  it('are readable by their owner only', async () => {
    const { root } = await scaffolded();
    expect(statSync(join(root, SECRETS)).mode & 0o777).toBe(0o600);
  });

  it('are ignored by git before they exist, in a repository and in a folder of one', async () => {
    const { root } = await scaffolded([], { 'service/package.json': '{"name": "qna"}' });
    git(root, 'init', '--quiet');
    await initIn(join(root, 'service'));
    git(root, 'add', '--all');
    const tracked = git(root, 'ls-files');
    expect(tracked).toContain('service/k8s/secrets.example.yaml');
    expect(tracked).not.toContain('secrets.yaml\n');
  });

  it('are safe inside a URL, long, and agree with each other', async () => {
    const values = secretsIn((await scaffolded(['--name', 'team-qna'])).root);
    const url = new URL(values.DATABASE_URL);
    expect(url.password).toBe(values.DATABASE_PASSWORD);
    expect(url.username).toBe('team_qna');
    expect(url.hostname).toBe('team-qna-postgres');
    expect(url.pathname).toBe('/team_qna');
    expect(values.POSTGRES_PASSWORD).not.toBe(values.DATABASE_PASSWORD);
    for (const key of ['DATABASE_PASSWORD', 'POSTGRES_PASSWORD']) expect(values[key]).toMatch(/^[\w-]{43}$/);
    expect(values.API_TOKENS).toMatch(/^[\w-]{43}$/);
    expect(values.OPENAI_API_KEY).toBe('');
  });

  it('differ between two projects', async () => {
    const [one, other] = [secretsIn((await scaffolded()).root), secretsIn((await scaffolded()).root)];
    for (const key of SENSITIVE) expect(one[key]).not.toBe(other[key]);
  });

  it('are in no output, in no record and in no other file', async () => {
    const { root, stdout, stderr } = await scaffolded();
    const second = await initIn(root, ['--host', 'ask.example.org']);
    const elsewhere = filesBelow(root).filter((path) => path !== SECRETS);
    const texts = [stdout, stderr, second.stdout, second.stderr, ...elsewhere.map((path) => textOf(root, path))];
    const values = secretsIn(root);
    for (const key of SENSITIVE) for (const text of texts) expect(text).not.toContain(values[key]);
  });

  it('are left alone by a later run, even when an answer that they hold has changed', async () => {
    const { root } = await scaffolded(['--name', 'qna']);
    const before = textOf(root, SECRETS);
    const { stdout } = await initIn(root, ['--name', 'other']);
    expect(textOf(root, SECRETS)).toBe(before);
    expect(stdout).toMatch(/^kept +k8s\/secrets\.yaml +Secrets are generated once/m);
  });

  it('that do not fit a new name or namespace are told of, for as long as they do not', async () => {
    const { root, stdout } = await scaffolded(['--name', 'qna']);
    expect(stdout).not.toContain('It is still');
    for (const args of [['--namespace', 'ai'], []])
      expect((await initIn(root, args)).stdout).toContain('It is still Secret qna/qna-secrets: change its name');
    writeFileSync(join(root, SECRETS), textOf(root, SECRETS).replace('namespace: qna', 'namespace: ai'));
    expect((await initIn(root)).stdout).not.toContain('It is still');
    writeFileSync(join(root, SECRETS), 'kind: [broken');
    expect((await initIn(root)).exitCode).toBe(0);
  });

  it('are not made anew when the file is gone, since the database would not know them', async () => {
    const { root } = await scaffolded();
    rmSync(join(root, SECRETS));
    const { stdout } = await initIn(root);
    expect(filesBelow(root)).not.toContain(SECRETS);
    expect(stdout).toMatch(/^kept +k8s\/secrets\.yaml +It was written before and is not here/m);
  });

  it('that others can read are told of', async () => {
    const { root } = await scaffolded();
    chmodSync(join(root, SECRETS), 0o644);
    expect((await initIn(root)).stdout).toContain('chmod 600 k8s/secrets.yaml');
  });

  it('are refused where git tracks the file, and nothing is written', async () => {
    const { root } = await scaffolded([], { 'notes.txt': 'mine' });
    const before = textOf(root, SECRETS);
    git(root, 'init', '--quiet');
    git(root, 'add', '--force', SECRETS);
    writeFileSync(join(root, 'package.json'), '{}');
    rmSync(join(root, 'k8s/service.yaml'));
    const { exitCode, stdout, stderr } = await initIn(root, ['--port', '9000']);
    expect(exitCode).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain('git rm --cached k8s/secrets.yaml');
    expect(textOf(root, SECRETS)).toBe(before);
    expect(textOf(root, 'k8s/configmap.yaml')).toContain('PORT: "8080"');
  });

  it('that the history of the repository holds are told of, and only those', async () => {
    const { root, stdout } = await scaffolded();
    expect(stdout).not.toContain('Warning');
    git(root, 'init', '--quiet');
    expect((await initIn(root)).stdout).not.toContain('Warning');
    const commit = ['-c', 'user.name=t', '-c', 'user.email=t@example.com', 'commit', '--quiet', '--message', 'x'];
    git(root, 'add', '--force', SECRETS);
    git(root, ...commit);
    git(root, 'rm', '--quiet', '--cached', SECRETS);
    git(root, ...commit);
    expect((await initIn(root)).stdout).toMatch(
      /^Warning: The history of this repository holds k8s\/secrets\.yaml \(commit \w+\)/m,
    );
    expect(JSON.parse((await initIn(root, ['--json'])).stdout).warnings).toHaveLength(1);
  });

  it.each([
    ['k8s/.gitignore', '!secrets.yaml\n'],
    ['k8s/.gitignore', '!*.yaml\n'],
  ])('are refused where %s takes the file in again', async (path, text) => {
    const { root, exitCode, stderr } = await scaffolded([], { [path]: text });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('Git would see k8s/secrets.yaml');
    expect(filesBelow(root)).toEqual([path]);
  });

  it('are ignored again where a line of .gitignore took them in', async () => {
    const { root } = await scaffolded([], { '.gitignore': 'k8s/secrets.yaml\n!k8s/secrets.yaml\n' });
    git(root, 'init', '--quiet');
    expect(git(root, 'check-ignore', SECRETS)).toBe(`${SECRETS}\n`);
  });

  it('have an example with the same keys and no value', async () => {
    const { root } = await scaffolded();
    const [example] = readYaml(textOf(root, 'k8s/secrets.example.yaml'));
    expect(Object.keys(example.stringData)).toEqual(Object.keys(secretsIn(root)));
    expect(Object.values(example.stringData).every((value) => value === '')).toBe(true);
  });
});

function secretsIn(root: string): Plain {
  return readYaml(textOf(root, SECRETS))[0].stringData;
}

function git(cwd: string, ...args: readonly string[]): string {
  return execFileSync('git', args, { cwd, encoding: 'utf8' });
}
