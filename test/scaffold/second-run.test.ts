import { appendFileSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../cli/temporary-folder.ts';
import { filesBelow, initialise, objectOf } from './initialised.ts';

const ANSWERS = ['--name', 'qna', '--host', 'qna.example.org', '--image', 'ghcr.io/team/qna:1.4.2'] as const;

describe('a second run of init', () => {
  it('writes nothing when nothing has changed, not even the same text again', async () => {
    const { folder } = await initialise(ANSWERS);
    const before = [...filesBelow(folder).keys()].map((path) => stampOf(folder, path));
    const { exitCode, stdout } = await initialise([], folder);
    expect([...filesBelow(folder).keys()].map((path) => stampOf(folder, path))).toEqual(before);
    expect(stdout).not.toMatch(/^\s*(?:create|update)\b/m);
    expect(exitCode).toBe(0);
  });

  it('remembers the answers of the first', async () => {
    const { folder } = await initialise(ANSWERS);
    await initialise(['--port', '9090'], folder);
    expect(objectOf(folder, 'Ingress', 'qna').spec.rules[0].host).toBe('qna.example.org');
    expect(objectOf(folder, 'ConfigMap', 'qna-config').data.PORT).toBe('9090');
  });

  it('brings files up to date that nobody has edited', async () => {
    const { folder } = await initialise(ANSWERS);
    const { stdout } = await initialise(['--host', 'answers.example.org'], folder);
    expect(stdout).toMatch(/^\s*update\s+k8s\/ingress\.yaml/m);
    expect(readFileSync(join(folder, 'k8s/ingress.yaml'), 'utf8')).toContain('answers.example.org');
  });

  it('keeps an edited file byte for byte, and says so', async () => {
    const { folder } = await initialise(ANSWERS);
    const path = join(folder, 'k8s/ingress.yaml');
    appendFileSync(path, '# ours\r\n');
    const edited = readFileSync(path);
    const { stdout } = await initialise(['--host', 'answers.example.org'], folder);
    expect(stdout).toMatch(/^conflict\s+k8s\/ingress\.yaml .*edited/m);
    expect(readFileSync(path)).toEqual(edited);
  });

  it('lays the new text beside an edited file once, and stops when it is taken over', async () => {
    const { folder } = await initialise(ANSWERS);
    const path = join(folder, 'k8s/ingress.yaml');
    appendFileSync(path, '# ours\n');
    await initialise(['--host', 'answers.example.org'], folder);
    const beside = '.qna-ready/new/k8s/ingress.yaml.new';
    const offered = readFileSync(join(folder, beside), 'utf8');
    expect(offered).toContain('answers.example.org');
    expect(offered).not.toContain('# ours');
    rmSync(join(folder, beside));
    await initialise([], folder);
    expect(filesBelow(folder).has(beside)).toBe(false);
  });

  it('lets an edit that no new text meets pass as kept', async () => {
    const { folder } = await initialise(ANSWERS);
    appendFileSync(join(folder, 'k8s/service.yaml'), '# ours\n');
    const { stdout } = await initialise(['--host', 'answers.example.org'], folder);
    expect(stdout).toMatch(/^kept\s+k8s\/service\.yaml .*edited/m);
  });

  it('keeps an edited file on the third run too', async () => {
    const { folder } = await initialise(ANSWERS);
    const path = join(folder, 'k8s/ingress.yaml');
    appendFileSync(path, '# ours\n');
    await initialise(['--host', 'answers.example.org'], folder);
    await initialise(['--host', 'third.example.org'], folder);
    expect(readFileSync(path, 'utf8')).toMatch(/qna\.example\.org[\s\S]*# ours\n$/);
  });

  it('leaves a deleted file deleted, and says so', async () => {
    const { folder } = await initialise(ANSWERS);
    rmSync(join(folder, 'k8s/pdb.yaml'));
    for (const args of [[], ['--host', 'answers.example.org'], []]) {
      const { stdout } = await initialise(args, folder);
      expect(stdout).toMatch(/^kept\s+k8s\/pdb\.yaml .*deleted/m);
      expect(filesBelow(folder).has('k8s/pdb.yaml')).toBe(false);
    }
  });

  it('never writes over a file that was there before the first', async () => {
    const folder = temporaryFolder({ 'k8s/service.yaml': '# mine\n', Dockerfile: 'FROM scratch\nEXPOSE 7070\n' });
    const { stdout } = await initialise(ANSWERS, folder);
    await initialise(['--host', 'answers.example.org'], folder);
    expect(readFileSync(join(folder, 'k8s/service.yaml'), 'utf8')).toBe('# mine\n');
    expect(readFileSync(join(folder, 'Dockerfile'), 'utf8')).toBe('FROM scratch\nEXPOSE 7070\n');
    expect(stdout).toMatch(/^\s*kept\s+k8s\/service\.yaml/m);
  });

  it('adds to a .gitignore and takes nothing from it', async () => {
    const folder = temporaryFolder({ '.gitignore': 'node_modules\r\ndist' });
    await initialise(ANSWERS, folder);
    const first = readFileSync(join(folder, '.gitignore'), 'utf8');
    expect(first.startsWith('node_modules\r\ndist')).toBe(true);
    expect(first.split(/\r?\n/)).toEqual(expect.arrayContaining(['node_modules', 'dist', 'k8s/secrets.yaml']));
    await initialise([], folder);
    expect(readFileSync(join(folder, '.gitignore'), 'utf8')).toBe(first);
  });

  it('says in one sentence that its own memory is broken, and changes nothing', async () => {
    const { folder } = await initialise(ANSWERS);
    writeFileSync(join(folder, '.qna-ready/manifest.json'), '{"files": ');
    const before = filesBelow(folder);
    const { exitCode, stderr } = await initialise(['--host', 'answers.example.org'], folder);
    expect(stderr).toContain('manifest.json');
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(exitCode).toBe(2);
    expect(filesBelow(folder)).toEqual(before);
  });
});

describe('a dry run of init', () => {
  it('tells what would be written, and writes nothing', async () => {
    const { folder, exitCode, stdout } = await initialise([...ANSWERS, '--dry-run']);
    expect(filesBelow(folder).size).toBe(0);
    expect(stdout).toMatch(/^\s*create\s+k8s\/deployment\.yaml/m);
    expect(exitCode).toBe(0);
  });

  it('tells the truth: the run that follows does the same', async () => {
    const { folder } = await initialise(ANSWERS);
    appendFileSync(join(folder, 'k8s/service.yaml'), '# ours\n');
    rmSync(join(folder, 'k8s/pdb.yaml'));
    const change = ['--host', 'answers.example.org'];
    const announced = actionsIn((await initialise([...change, '--dry-run'], folder)).stdout);
    expect(announced).toContain('update k8s/ingress.yaml');
    expect(actionsIn((await initialise(change, folder)).stdout)).toEqual(announced);
  });
});

function stampOf(folder: string, path: string): string {
  const { ino, mtimeMs, ctimeMs } = statSync(join(folder, path));
  return `${path} ${ino} ${mtimeMs} ${ctimeMs}`;
}

function actionsIn(stdout: string): readonly string[] {
  return [...stdout.matchAll(/^\s*(create|update|unchanged|kept|conflict)\s+(\S+)/gm)].map(
    ([, action, path]) => `${action} ${path}`,
  );
}
