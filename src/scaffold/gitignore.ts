import ignore from 'ignore';
import { UserError } from '../core/errors.ts';
import type { ReadFile } from './tree.ts';

export const SECRETS_FILE = 'k8s/secrets.yaml';

/** A file of each kind that git must not see. That of an overlay is a copy with another namespace. */
const MUST_BE_IGNORED = [SECRETS_FILE, '.env', '.env.production', 'overlays/dev/secrets.yaml'];

/** The project's .gitignore with the lines of `template` at its end, where what is there does not do already. */
export function mergeGitignore(template: string, read: ReadFile): string {
  const existing = read('.gitignore')?.text ?? '';
  const present = new Set(existing.split(/\r?\n/).map((line) => line.trim()));
  const matcher = ignore().add(existing);
  if (MUST_BE_IGNORED.every((path) => matcher.ignores(path))) return refuseExposed(existing, read);
  // A line that is there, and yet does not do, is taken back by a later one: then it must come again, after that.
  const isWanted = (line: string) => (MUST_BE_IGNORED.includes(line) ? !matcher.ignores(line) : !present.has(line));
  const missing = template.split('\n').filter((line) => line !== '' && isWanted(line));
  const start = existing === '' || existing.endsWith('\n') ? existing : `${existing}\n`;
  return refuseExposed(`${start}${start === '' ? '' : '\n'}${missing.join('\n')}\n`, read);
}

/** A .gitignore further down overrules the one above. */
function refuseExposed(text: string, read: ReadFile): string {
  const below = read('k8s/.gitignore')?.text;
  const isUndone = below !== undefined && ignore().add(below).test('secrets.yaml').unignored;
  if (isUndone || !ignore().add(text).ignores(SECRETS_FILE))
    throw new UserError(
      `Git would see ${SECRETS_FILE}: ${isUndone ? 'k8s/.gitignore' : '.gitignore'} takes it in again.`,
      {
        hint: 'Remove the line with the exclamation mark that does so.',
      },
    );
  return text;
}
