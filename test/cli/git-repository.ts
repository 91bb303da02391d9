import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { temporaryFolder } from './temporary-folder.ts';

export interface Repository {
  readonly folder: string;
  git(...args: readonly string[]): string;
  commit(): string;
}

/** A real repository with one commit of these files on `main`, and the branch `change` checked out. */
export function repositoryOf(files: Readonly<Record<string, string>>): Repository {
  const folder = temporaryFolder(files);
  const git = (...args: readonly string[]) =>
    execFileSync('git', ['-c', 'user.name=test', '-c', 'user.email=test@example.com', ...args], {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      // Nobody's own configuration, so that a signing key or a hook of the machine plays no part.
      env: { PATH: process.env.PATH, HOME: join(folder, '.git'), GIT_CONFIG_NOSYSTEM: '1' },
    });
  const commit = () => {
    git('add', '--all');
    git('commit', '--quiet', '--allow-empty', '--message', 'a change');
    return git('rev-parse', 'HEAD').trim();
  };
  git('init', '--quiet', '--initial-branch', 'main');
  commit();
  git('checkout', '--quiet', '-b', 'change');
  return { folder, git, commit };
}
