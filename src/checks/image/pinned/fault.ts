import type { Severity } from '../../../core/check.ts';
import { parseImageReference } from '../../../kubernetes/image-reference.ts';

/** Why an image may be another one tomorrow; undefined where it stays what it is. */
export function faultOfImage(image: string): { readonly message: string; readonly severity: Severity } | undefined {
  const reference = parseImageReference(image);
  if (reference === undefined) return { message: 'This is no image reference.', severity: 'error' };
  if (reference.digest !== undefined) return undefined;
  const { tag } = reference;
  if (tag === undefined) return { message: 'The image has no tag, which means latest.', severity: 'error' };
  if (/^latest(?:-|$)|-latest$/.test(tag)) return { message: 'The tag is latest, which moves.', severity: 'error' };
  if (!/\d/.test(tag)) return { message: `The tag ${tag} has no version in it, so it moves.`, severity: 'warning' };
  return isWhole(tag)
    ? undefined
    : { message: `The tag ${tag} names a line of versions, and moves with each release of it.`, severity: 'note' };
}

/** Two parts of a version, a date, a build number of some length, or a commit. */
function isWhole(tag: string): boolean {
  return (
    /\d\.\d/.test(tag) || /\d{4,}/.test(tag) || /(?:^|[^a-z0-9])(?=[a-f]*\d)[a-f0-9]{7,64}(?:$|[^a-z0-9])/.test(tag)
  );
}
