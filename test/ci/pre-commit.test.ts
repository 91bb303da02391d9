import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type Repository, repositoryOf } from '../cli/git-repository.ts';
import { CONFIG_MAP, DEPLOYMENT, SERVICE } from '../cli/manifests.ts';
import { temporaryFolder } from '../cli/temporary-folder.ts';

const ROOT = join(import.meta.dirname, '../..');
const HOOKS = readFileSync(join(ROOT, '.pre-commit-hooks.yaml'), 'utf8');
/** Outside the work tree, since it is the same for all of them. */
const CACHE = join(homedir(), '.cache/qna-ready/pre-commit');
const VERSION = '4.7.0';
const PRE_COMMIT = preCommit();
const BAD = { 'k8s/app.yaml': DEPLOYMENT, 'k8s/service.yaml': SERVICE };

/** The real program, installed once; undefined where it cannot be had, and the tests are skipped aloud. */
function preCommit(): string | undefined {
  const folder = join(CACHE, VERSION);
  const program = join(folder, 'bin/pre-commit');
  if (existsSync(program)) return program;
  const steps: readonly (readonly [string, readonly string[]])[] = [
    ['python3', ['-m', 'venv', folder]],
    [join(folder, 'bin/pip'), ['install', '--quiet', `pre-commit==${VERSION}`]],
  ];
  mkdirSync(CACHE, { recursive: true });
  if (steps.every(([name, args]) => spawnSync(name, args, { stdio: 'ignore', timeout: 60_000 }).status === 0))
    return program;
  rmSync(folder, { recursive: true, force: true });
  return undefined;
}

/** A repository in which pre-commit runs the hooks of a clone that has them, with the program of these sources on the PATH. */
function withHook(
  files: Readonly<Record<string, string>>,
  id: string,
): Repository & { tryCommit(): ReturnType<typeof attempt> } {
  const hooks = repositoryOf({ '.pre-commit-hooks.yaml': HOOKS });
  const rev = hooks.git('rev-parse', 'HEAD').trim();
  const bin = temporaryFolder();
  const program = join(ROOT, 'bin/qna-ready.ts');
  writeFileSync(join(bin, 'qna-ready'), `#!/bin/sh\nexec '${process.execPath}' '${program}' "$@"\n`, { mode: 0o755 });
  const repository = repositoryOf({
    ...files,
    '.pre-commit-config.yaml': `repos: [{ repo: '${hooks.folder}', rev: ${rev}, hooks: [{ id: ${id} }] }]\n`,
  });
  const home = temporaryFolder();
  const env = {
    PATH: `${bin}:${dirname(PRE_COMMIT ?? '')}:${process.env.PATH}`,
    HOME: home,
    PRE_COMMIT_HOME: join(home, 'pre-commit'),
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_NAME: 'test',
    GIT_AUTHOR_EMAIL: 'test@example.com',
    GIT_COMMITTER_NAME: 'test',
    GIT_COMMITTER_EMAIL: 'test@example.com',
  };
  const installed = attempt(PRE_COMMIT ?? '', ['install'], repository.folder, env);
  if (installed.status !== 0) throw new Error(installed.told);
  return {
    ...repository,
    tryCommit() {
      repository.git('add', '--all');
      return attempt('git', ['commit', '--quiet', '--message', 'a change'], repository.folder, env);
    },
  };
}

function attempt(program: string, args: readonly string[], cwd: string, env: Readonly<Record<string, string>>) {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd, env, encoding: 'utf8' });
  return { status, told: stdout + stderr };
}

describe('the hooks of pre-commit', () => {
  it('read the whole project, and run for the files that are judged', () => {
    for (const hook of parse(HOOKS) as readonly Readonly<Record<string, unknown>>[]) {
      expect(hook.entry).toMatch(/^qna-ready gate/);
      expect(hook).toMatchObject({ language: 'system', pass_filenames: false, require_serial: true });
    }
  });

  describe.skipIf(PRE_COMMIT === undefined)('with pre-commit itself', () => {
    it('have a manifest that it accepts', () => {
      const { status, told } = attempt(
        PRE_COMMIT ?? '',
        ['validate-manifest', join(ROOT, '.pre-commit-hooks.yaml')],
        ROOT,
        {
          PATH: process.env.PATH ?? '',
          HOME: temporaryFolder(),
        },
      );
      expect({ status, told }).toEqual({ status: 0, told: '' });
    });

    it('let a commit pass that makes nothing worse, and refuse one that does', () => {
      const { folder, tryCommit, git } = withHook(BAD, 'qna-ready');
      writeFileSync(join(folder, "k8s/it's new.yaml"), CONFIG_MAP);
      expect(tryCommit().told).toMatch(/^qna-ready\.+Passed$/m);
      writeFileSync(join(folder, 'k8s/other.yaml'), `${DEPLOYMENT}---\n${SERVICE}`.replaceAll('qna', 'other'));
      const before = git('rev-parse', 'HEAD');
      const { status, told } = tryCommit();
      expect(status).toBe(1);
      expect(told).toContain('Failed');
      expect(told).toContain('Deployment other');
      expect(told).not.toMatch(/^(?:error|warning) .*Deployment qna/m);
      expect(git('rev-parse', 'HEAD')).toBe(before);
    });

    it('run for no change to anything else, and look at all of it where the other one is chosen', () => {
      const { folder, tryCommit } = withHook(BAD, 'qna-ready-all');
      writeFileSync(join(folder, 'main.py'), 'pass\n');
      expect(tryCommit().told).toContain('(no files to check)Skipped');
      writeFileSync(join(folder, 'k8s/settings.yaml'), CONFIG_MAP);
      const { status, told } = tryCommit();
      expect(status).toBe(1);
      expect(told).toContain('Deployment qna');
    });
  });
});
