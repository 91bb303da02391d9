import type { StructuredPatch } from 'diff';
import { holdsCredential, linesWithSecrets, outlineText } from '../sources/files/excerpt.ts';

const HIDDEN = '…';

/**
 * A patch with `…` in the place of every value that could be a secret: around the changes whatever nobody could tell from one, and in what
 * changes, which a person has to see, credentials only. The patch itself, where nothing had to be hidden.
 */
export function withoutSecrets(patch: StructuredPatch, before: string, after: string): StructuredPatch {
  const isManifest = /\.(?:ya?ml|json)$/.test(patch.newFileName ?? '');
  const secret = isManifest ? linesWithSecrets(before) : [];
  const [old, fresh] = isManifest ? [outlineText(before), outlineText(after)] : [[], []];
  let hidden = false;
  const hunks = patch.hunks.map((hunk) => {
    const at = { old: hunk.oldStart - 1, new: hunk.newStart - 1 };
    const lines = hunk.lines.map((line) => {
      const sign = line[0];
      if (sign !== ' ' && sign !== '-' && sign !== '+') return line;
      const shown = (sign === '+' ? fresh[at.new] : old[at.old]) ?? HIDDEN;
      const isSecret = holdsCredential(line.slice(1)) || (sign === ' ' && secret[at.old] === true);
      if (sign !== '+') at.old += 1;
      if (sign !== '-') at.new += 1;
      hidden ||= isSecret;
      return isSecret ? sign + shown : line;
    });
    return { ...hunk, lines };
  });
  return hidden ? { ...patch, hunks } : patch;
}
