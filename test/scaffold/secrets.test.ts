import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../cli/temporary-folder.ts';
import { filesBelow, initialise, objectsBelow, secretValuesOf } from './initialised.ts';

describe('the secrets that init generates', () => {
  it('can be read by their owner only', async () => {
    const { folder } = await initialise();
    expect(statSync(join(folder, 'k8s/secrets.yaml')).mode & 0o777).toBe(0o600);
  });

  it('differ from project to project', async () => {
    const [first, second] = [await initialise(['--name', 'qna']), await initialise(['--name', 'qna'])];
    expect(secretValuesOf(first.folder)).not.toEqual(secretValuesOf(second.folder));
    for (const value of secretValuesOf(first.folder)) expect(secretValuesOf(second.folder)).not.toContain(value);
  });

  it('are long, and need no quoting in a URL', async () => {
    const { folder } = await initialise(['--name', 'qna']);
    const { DATABASE_URL, DATABASE_PASSWORD, POSTGRES_PASSWORD, OPENAI_API_KEY } = secretOf(folder);
    for (const password of [DATABASE_PASSWORD, POSTGRES_PASSWORD].filter((value) => value !== undefined))
      expect(password).toMatch(/^[A-Za-z0-9_-]{32,}$/);
    const url = new URL(DATABASE_URL ?? '');
    expect([DATABASE_PASSWORD, POSTGRES_PASSWORD]).toContain(url.password);
    expect(url.hostname).toBe('qna-postgres');
    expect(OPENAI_API_KEY).toBe('');
  });

  it('stand in no other file, and are not printed', async () => {
    const { folder, stdout, stderr } = await initialise();
    const dry = await initialise(['--dry-run'], folder);
    const told = [stdout, stderr, dry.stdout, dry.stderr, ...withoutSecrets(folder)];
    for (const value of secretValuesOf(folder)) for (const text of told) expect(text.includes(value)).toBe(false);
  });

  it('leave no trace that a guess could be checked against', async () => {
    const { folder } = await initialise();
    const content = readFileSync(join(folder, 'k8s/secrets.yaml'));
    const { createHash } = await import('node:crypto');
    const hash = createHash('sha256').update(content).digest('hex');
    for (const text of withoutSecrets(folder)) expect(text.includes(hash)).toBe(false);
  });

  it('are the same after a second run, even with other answers', async () => {
    const { folder } = await initialise(['--name', 'qna']);
    const before = readFileSync(join(folder, 'k8s/secrets.yaml'), 'utf8');
    await initialise(['--namespace', 'other'], folder);
    await initialise(['--name', 'other'], folder);
    expect(readFileSync(join(folder, 'k8s/secrets.yaml'), 'utf8')).toBe(before);
  });

  it('are not made anew where they were deleted: the database would not know them', async () => {
    const { folder } = await initialise();
    rmSync(join(folder, 'k8s/secrets.yaml'));
    await initialise([], folder);
    expect(existsSync(join(folder, 'k8s/secrets.yaml'))).toBe(false);
  });

  it('are ignored by git, while their example is not', async () => {
    const folder = repository();
    await initialise([], folder);
    expect(isIgnored(folder, 'k8s/secrets.yaml')).toBe(true);
    expect(isIgnored(folder, 'k8s/secrets.example.yaml')).toBe(false);
    execFileSync('git', ['add', '--all'], { cwd: folder });
    const staged = execFileSync('git', ['ls-files'], { cwd: folder, encoding: 'utf8' });
    expect(staged).toContain('k8s/deployment.yaml');
    expect(staged).not.toContain('k8s/secrets.yaml');
  });

  it('are ignored in a folder below the root of the repository', async () => {
    const root = repository();
    const folder = join(root, 'services/qna');
    mkdirSync(folder, { recursive: true });
    await initialise([], folder);
    expect(isIgnored(root, 'services/qna/k8s/secrets.yaml')).toBe(true);
  });

  it.each([
    ['a rule of the same file', { '.gitignore': 'k8s/secrets.yaml\n!k8s/secrets.yaml\n' }],
    ['a rule that lets all manifests in', { '.gitignore': '!*.yaml\n' }],
  ])('are ignored although %s says otherwise', async (_, files) => {
    const folder = repository(files);
    await initialise([], folder);
    expect(isIgnored(folder, 'k8s/secrets.yaml')).toBe(true);
  });

  it('are not written where they cannot be hidden first', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, '.gitignore'));
    const { exitCode, stderr } = await initialise([], folder);
    expect(existsSync(join(folder, 'k8s/secrets.yaml'))).toBe(false);
    expect(stderr).toContain('.gitignore');
    expect(exitCode).toBe(2);
  });

  it('are refused where git has them already, with the way out', async () => {
    const folder = repository({ 'k8s/secrets.yaml': 'kind: Secret\n' });
    execFileSync('git', ['add', 'k8s/secrets.yaml'], { cwd: folder });
    const before = filesBelow(folder);
    const { exitCode, stderr } = await initialise([], folder);
    expect(stderr).toContain('k8s/secrets.yaml is tracked by git');
    expect(stderr).toContain('git rm --cached');
    expect(exitCode).toBe(2);
    expect(filesBelow(folder)).toEqual(before);
  });

  it('have an example with the same keys and no value', async () => {
    const { folder } = await initialise(['--name', 'qna']);
    const example = objectsIn(folder, 'k8s/secrets.example.yaml');
    expect(Object.keys(example)).toEqual(Object.keys(secretOf(folder)));
    expect(new Set(Object.values(example))).toEqual(new Set(['']));
  });
});

function secretOf(folder: string): Readonly<Record<string, string>> {
  return objectsIn(folder, 'k8s/secrets.yaml');
}

function objectsIn(folder: string, path: string): Readonly<Record<string, string>> {
  return objectsBelow(folder).find((written) => written.path === path)?.object.stringData ?? {};
}

function withoutSecrets(folder: string): readonly string[] {
  return [...filesBelow(folder)].filter(([path]) => path !== 'k8s/secrets.yaml').map(([, text]) => text);
}

function repository(files: Readonly<Record<string, string>> = {}): string {
  const folder = temporaryFolder(files);
  execFileSync('git', ['init', '--quiet'], { cwd: folder });
  return folder;
}

function isIgnored(folder: string, path: string): boolean {
  try {
    execFileSync('git', ['check-ignore', '--quiet', path], { cwd: folder });
    return true;
  } catch {
    return false;
  }
}
