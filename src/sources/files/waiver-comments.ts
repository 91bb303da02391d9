import { type InlineWaivers, NO_WAIVERS, readTerms } from '../../core/inline-waiver.ts';
import type { Location } from '../../core/location.ts';
import type { Waiver } from '../../core/waiver.ts';

const MARK = 'qna-ready:';
const COMMENT = /(?:^|\s)#\s*qna-ready:\s*(?<words>.*)$/;

/**
 * Reads the comments of a manifest or a Dockerfile that waive failures. One behind a line waives what is found on that line,
 * one above a line what is found on that, and one above a whole object what is found in all of it.
 */
export function readWaiverComments(file: string, text: string): InlineWaivers {
  if (!text.includes(MARK)) return NO_WAIVERS;
  const waivers: Waiver[] = [];
  const unread: Location[] = [];
  const lines = text.split(/\r?\n/);
  for (const [index, line] of lines.entries()) {
    const match = COMMENT.exec(line);
    if (match === null) continue;
    const where = { file, line: index + 1, column: line.indexOf('#', match.index) + 1 };
    const [, check = '', terms = ''] = /^waive (\S+) (.*)$/.exec(match.groups?.words ?? '') ?? [];
    const read = readTerms(terms);
    if (read === undefined) unread.push(where);
    else waivers.push({ check, ...read, where, lines: { file, ...scopeOf(lines, index) } });
  }
  return { waivers, unread };
}

/** Lines from one, both included. */
function scopeOf(lines: readonly string[], index: number): { readonly first: number; readonly last: number } {
  if (!isComment(lines[index])) return { first: index + 1, last: index + 1 };
  const below = lines.findIndex((line, nth) => nth > index && !isComment(line));
  const next = below === -1 ? lines.length - 1 : below;
  const above = lines.slice(0, index).findLastIndex((line) => !isComment(line));
  const opensDocument = above === -1 || isSeparator(lines[above]);
  if (!opensDocument) return { first: next + 1, last: next + 1 };
  const end = lines.findIndex((line, nth) => nth > next && isSeparator(line));
  return { first: index + 1, last: end === -1 ? lines.length : end };
}

function isComment(line = ''): boolean {
  return /^\s*(?:#|$)/.test(line);
}

function isSeparator(line = ''): boolean {
  return /^---(?:\s|$)/.test(line);
}
