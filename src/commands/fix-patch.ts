import { formatPatch, type StructuredPatch, structuredPatch } from 'diff';
import type { Fixes } from './fix.ts';
import { withoutSecrets } from './patch-without-secrets.ts';

/** Lines around a change, as many as diff shows. */
const CONTEXT = 3;

export interface FixPatch {
  readonly text: string;
  /** Files whose changes are shown without the lines around them, for those could hold a secret. */
  readonly bare: readonly string[];
  /** Files with changes in lines that could hold a secret; what could be one is `…`, so that this part cannot be applied. */
  readonly hidden: readonly string[];
}

/**
 * The changes as a patch that `git apply` takes. No line of it holds a secret: the lines around a change are as many as can be shown,
 * and without any `git apply` wants `--unidiff-zero`.
 */
export function patchOf({ files }: Pick<Fixes, 'files'>): FixPatch {
  const bare: string[] = [];
  const hidden: string[] = [];
  const parts = [...files].map(([file, { before, text }]) => {
    const withContext = (context: number) =>
      structuredPatch(`a/${file}`, `b/${file}`, before, text, undefined, undefined, { context });
    const contexts = Array.from({ length: CONTEXT }, (_, less) => CONTEXT - less);
    const tellsNothing = (patch: StructuredPatch) => withoutSecrets(patch, before, text) === patch;
    const told = contexts.map(withContext).find(tellsNothing) ?? withContext(0);
    if (told.hunks.every(({ lines: own }) => own.every((line) => !line.startsWith(' ')))) bare.push(file);
    const shown = withoutSecrets(told, before, text);
    if (shown !== told) hidden.push(file);
    return formatPatch(shown);
  });
  return { text: parts.map((part) => part.replace(/^=+\n/, '')).join(''), bare, hidden };
}
