import { diff3Merge } from 'node-diff3';

/** Lines that a person and the new version both changed, each in a way of its own. */
export interface Conflict {
  /** Where the person's lines begin in the merged text, counted from 1. */
  readonly line: number;
  readonly yours: readonly string[];
  readonly new: readonly string[];
}

export interface Merge {
  /** Both edits, and in each conflict the person's lines. */
  readonly text: string;
  readonly conflicts: readonly Conflict[];
}

/**
 * Merges what a person made of `base` with what became of it in the meantime. Line ends are the person's: a checkout on Windows
 * is no edit.
 */
export function mergeTexts(base: string, theirs: string, ours: string): Merge {
  const lines: string[] = [];
  const conflicts: Conflict[] = [];
  const regions = diff3Merge(linesOf(theirs), linesOf(base), linesOf(ours), { excludeFalseConflicts: true });
  for (const { ok, conflict } of regions) {
    if (ok !== undefined) lines.push(...ok);
    if (conflict !== undefined)
      for (const part of untangle(conflict.a, conflict.o, conflict.b)) {
        if (part.new !== undefined) conflicts.push({ line: lines.length + 1, yours: part.lines, new: part.new });
        lines.push(...part.lines);
      }
  }
  return { text: withLineEndsOf(theirs, lines.join('\n')), conflicts };
}

export function withLineEndsOf(existing: string, text: string): string {
  return hasCrLf(existing) ? text.replaceAll('\n', '\r\n') : text;
}

/** The text as the templates would have written it. */
export function withoutCrLf(text: string): string {
  return hasCrLf(text) ? text.replaceAll('\r\n', '\n') : text;
}

function hasCrLf(text: string): boolean {
  return text.includes('\r\n') && !/[^\r]\n/.test(text);
}

function linesOf(text: string): string[] {
  return withoutCrLf(text).split('\n');
}

interface Part {
  readonly lines: readonly string[];
  /** Set for a conflict. */
  readonly new?: readonly string[];
}

/** Edits of lines that lie beside each other are no conflict for a person who looks at them, so they are none here. */
function untangle(yours: readonly string[], base: readonly string[], fresh: readonly string[]): readonly Part[] {
  const whole = (lines: readonly string[]): readonly Part[] => [{ lines }];
  if (base.length > 0) {
    if (startsWith(fresh, base)) return whole([...yours, ...fresh.slice(base.length)]);
    if (startsWith(yours, base)) return whole([...fresh, ...yours.slice(base.length)]);
    if (endsWith(fresh, base)) return whole([...fresh.slice(0, -base.length), ...yours]);
    if (endsWith(yours, base)) return whole([...yours.slice(0, -base.length), ...fresh]);
  }
  if (yours.length !== base.length || fresh.length !== base.length) return [{ lines: yours, new: fresh }];
  return base.map((line, index): Part => {
    const [mine = '', other = ''] = [yours[index], fresh[index]];
    if (mine === line || mine === other) return { lines: [other] };
    return other === line ? { lines: [mine] } : { lines: [mine], new: [other] };
  });
}

function startsWith(lines: readonly string[], start: readonly string[]): boolean {
  return lines.length > start.length && start.every((line, index) => lines[index] === line);
}

function endsWith(lines: readonly string[], end: readonly string[]): boolean {
  return lines.length > end.length && end.every((line, index) => lines[lines.length - end.length + index] === line);
}
