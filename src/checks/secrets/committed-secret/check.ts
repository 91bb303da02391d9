import { defineCheck, type Verdict } from '../../../core/check.ts';
import type { SensitiveFile } from '../../../core/file-facts.ts';
import { soundsLikeCredential } from '../../../kubernetes/credential.ts';
import { orNotApplicable } from '../../verdicts.ts';

export const committedSecretCheck = defineCheck({
  id: 'secrets/committed-secret',
  title: 'No file with a secret in it is in source control, or about to be',
  severity: 'error',
  why: 'History keeps what was committed once, and every clone has it; base64 hides nothing.',
  how: 'Every manifest of a Secret and every env file on disk is looked at, ignored ones included. One with filled values must not be in the index of git, and must be named by a .gitignore. Empty values and placeholders are an example that may be shared.',
  fix: 'Add the file to .gitignore, take it out of git with git rm --cached, and change every secret in it. Share an example with empty values instead.',
  verify: 'git ls-files --error-unmatch FILE; git check-ignore -v FILE',
  references: [
    'https://kubernetes.io/docs/concepts/security/secrets-good-practices/',
    'https://git-scm.com/docs/gitignore',
  ],
  needs: ['secretFiles', 'envFiles'],
  evaluate: ({ secretFiles, envFiles }) =>
    orNotApplicable(
      [
        ...secretFiles.map((file) => judge(file, 'Secret', file.filledKeys)),
        // An env file holds harmless settings too, and only the names of its settings are kept.
        ...envFiles.map((file) => judge(file, 'env file', file.filledKeys.filter(soundsLikeCredential))),
      ],
      'There is no Secret and no env file.',
    ),
});

function judge(file: SensitiveFile, kind: string, keys: readonly string[]): Verdict {
  const subject = `${kind} in ${file.file}`;
  if (keys.length === 0)
    return { outcome: 'pass', subject, message: 'It holds no filled value, so it may be shared.', where: file.where };
  const named = `${keys.length} filled: ${keys.slice(0, 3).join(', ')}${keys.length > 3 ? ' and more' : ''}`;
  if (file.tracked === true)
    return {
      outcome: 'fail',
      subject,
      message: 'A file with secrets in it is tracked by git.',
      where: file.where,
      observed: `tracked; ${named}`,
      expected: 'not tracked, and named by a .gitignore',
    };
  if (!file.ignored)
    return {
      outcome: 'fail',
      subject,
      message: 'A file with secrets in it is not ignored by git, so the next commit may take it.',
      where: file.where,
      observed: `not ignored; ${named}`,
      expected: 'named by a .gitignore',
    };
  return {
    outcome: 'pass',
    subject,
    message: 'It holds secrets and is kept out of git.',
    where: file.where,
    observed: named,
  };
}
