import { formatPatch, type StructuredPatch, structuredPatch } from 'diff';
import { holdsCredential, linesWithSecrets, outlineText } from '../sources/files/excerpt.ts';
import type { Fixes } from './fix.ts';

/** Lines around a change, as many as diff shows. */
const CONTEXT = 3;
const HIDDEN = '…';

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
    const lines = { secret: linesWithSecrets(before), old: outlineText(before), new: outlineText(text) };
    const withContext = (context: number) =>
      structuredPatch(`a/${file}`, `b/${file}`, before, text, undefined, undefined, { context });
    const contexts = Array.from({ length: CONTEXT }, (_, less) => CONTEXT - less);
    const told = contexts.map(withContext).find((patch) => !couldTell(patch, lines)) ?? withContext(0);
    if (told.hunks.every(({ lines: own }) => own.every((line) => !line.startsWith(' ')))) bare.push(file);
    if (!couldTell(told, lines)) return formatPatch(told);
    hidden.push(file);
    return formatPatch(outlined(told, lines));
  });
  return { text: parts.map((part) => part.replace(/^=+\n/, '')).join(''), bare, hidden };
}

interface Outlines {
  /** Lines of the old text that could hold a secret. */
  readonly secret: readonly boolean[];
  readonly old: readonly string[];
  readonly new: readonly string[];
}

function couldTell(patch: StructuredPatch, outlines: Outlines): boolean {
  return outlined(patch, outlines).hunks.some(({ lines }, hunk) =>
    lines.some((line, index) => line !== patch.hunks[hunk]?.lines[index]),
  );
}

/** The same patch with the lines as they may be shown. */
function outlined(patch: StructuredPatch, outlines: Outlines): StructuredPatch {
  return {
    ...patch,
    hunks: patch.hunks.map((hunk) => {
      const at = { old: hunk.oldStart - 1, new: hunk.newStart - 1 };
      const lines = hunk.lines.map((line) => {
        const sign = line[0];
        if (sign !== ' ' && sign !== '-' && sign !== '+') return line;
        const shown = (sign === '+' ? outlines.new[at.new] : outlines.old[at.old]) ?? HIDDEN;
        // What changes is what a person has to see: of that, only what is a credential is left out.
        const isSecret = sign === ' ' ? outlines.secret[at.old] === true : holdsCredential(line.slice(1));
        if (sign !== '+') at.old += 1;
        if (sign !== '-') at.new += 1;
        return isSecret ? sign + shown : line;
      });
      return { ...hunk, lines };
    }),
  };
}
