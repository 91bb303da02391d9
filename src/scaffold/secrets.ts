import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { UserError } from '../core/errors.ts';
import type { Answers } from './answers.ts';
import { SECRETS_FILE } from './plan.ts';
import { type RenderedFile, readTemplate, render } from './templates.ts';

/** The secrets, with a password from the system's randomness in letters that are safe inside a URL. */
export function renderSecrets(answers: Answers): RenderedFile {
  const databasePassword = randomBytes(24).toString('base64url');
  return { path: SECRETS_FILE, content: render(SECRETS_FILE, { ...answers, databasePassword }), mode: 0o600 };
}

/** The project's .gitignore with our lines at its end, where they are missing. */
export function renderGitignore(existing: string | undefined): RenderedFile {
  const present = new Set((existing ?? '').split(/\r?\n/).map((line) => line.trim()));
  const wanted = readTemplate('gitignore').trimEnd().split('\n');
  const missing = wanted.filter((line) => !present.has(line));
  const rules = missing.filter((line) => !line.startsWith('#'));
  const before =
    existing === undefined || existing === '' || existing.endsWith('\n') ? (existing ?? '') : `${existing}\n`;
  const content =
    rules.length === 0 ? (existing ?? '') : `${before}${before === '' ? '' : '\n'}${missing.join('\n')}\n`;
  return { path: '.gitignore', content, mode: 0o644 };
}

/** Refuses to write secrets where git would see them: an ignore rule does nothing for a file that is tracked already. */
export function refuseTrackedSecrets(root: string): void {
  try {
    execFileSync('git', ['-c', 'core.fsmonitor=false', 'ls-files', '--error-unmatch', '--', SECRETS_FILE], {
      cwd: root,
      stdio: 'ignore',
    });
  } catch {
    // Not tracked, no repository, or no git: nothing stands in the way.
    return;
  }
  throw new UserError(`${SECRETS_FILE} is tracked by git.`, {
    hint: `Take it out with: git rm --cached ${SECRETS_FILE}; then change every secret in it, since history keeps them.`,
  });
}
