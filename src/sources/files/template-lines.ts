/** Where something stands in a text; both count from one. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** A template whose lines were not followed: the product of its lines and the rendered ones is too large to compare. */
const MAX_COMPARISONS = 4_000_000;
/** With the space that a hyphen at either end takes away. */
const ACTION = /(?:[ \t]*\{\{-|\{\{)[\s\S]*?(?:-\}\}[ \t]*|\}\})/g;
/** Stands for an action; no YAML may hold it. */
const HOLE = '\u0000';
/** Actions that print nothing of their own. */
const SILENT = /^\s*\{\{-?\s*(?:\/\*|if\b|else\b|end\b|range\b|with\b|define\b|block\b|break\b|continue\b|\$\w+\s*:?=)/;

interface TemplateLine {
  /** What stands between the actions, without the space at both ends of the line. */
  readonly literals: readonly string[];
  readonly indent: number;
  readonly length: number;
  /** An action alone on its line, which may print any number of lines. */
  readonly prints: boolean;
}

/**
 * Follows the lines that a template of Go's text/template rendered back to the lines that they came from: the alignment of
 * the two texts, in order, that keeps the most literal text. A line out of that order, as a second round of `range` makes it,
 * comes from the most similar line, and one that is like no other from the action that printed it.
 */
export function followTemplate(template: string, rendered: string): (place: Place) => Place {
  const lines = linesOf(template);
  const printed = rendered.split('\n').map((line) => line.trim());
  const indents = rendered.split('\n').map(indentOf);
  const aligned = lines.length * printed.length > MAX_COMPARISONS ? undefined : align(lines, printed);
  return ({ line, column }) => {
    const index = Math.min(line, printed.length) - 1;
    const exact = aligned?.[index] ?? mostSimilar(lines, printed[index] ?? '');
    const at = exact ?? printerOf(lines, aligned ?? [], index);
    const { indent = 0, length = 1 } = lines[at] ?? {};
    const shift = exact === undefined ? 0 : Math.max(0, column - 1 - (indents[index] ?? 0));
    return { line: at + 1, column: Math.min(indent + shift, Math.max(0, length - 1)) + 1 };
  };
}

function linesOf(template: string): readonly TemplateLine[] {
  const actions: string[] = [];
  const withHoles = template.replace(ACTION, (action) => {
    actions.push(action);
    return HOLE + '\n'.repeat(action.split('\n').length - 1);
  });
  const original = template.split('\n');
  let nth = 0;
  return withHoles.split('\n').map((line, index) => {
    const literals = line.trim().split(HOLE);
    const own = actions.slice(nth, nth + literals.length - 1);
    nth += own.length;
    return {
      literals,
      indent: indentOf(original[index] ?? ''),
      length: (original[index] ?? '').length,
      prints: literals.every((literal) => literal.trim() === '') && own.some((action) => !SILENT.test(action)),
    };
  });
}

/** How much of a rendered line is literal text of a template's line; zero where it cannot have come from there. */
function likeness({ literals }: TemplateLine, printed: string): number {
  if (literals.length === 1) return literals[0] === printed ? printed.length : 0;
  let from = 0;
  let literal = 0;
  for (const [index, part] of literals.entries()) {
    const isLast = index === literals.length - 1;
    const at = isLast ? printed.length - part.length : index === 0 ? 0 : printed.indexOf(part, from);
    if (at < from || !printed.startsWith(part, at)) return 0;
    from = at + part.length;
    literal += part.length;
  }
  return literal;
}

/** For each rendered line the template's line, by the heaviest common subsequence. */
function align(lines: readonly TemplateLine[], printed: readonly string[]): readonly (number | undefined)[] {
  const width = lines.length + 1;
  const weight = new Float64Array((printed.length + 1) * width);
  const at = (row: number, column: number) => weight[row * width + column] ?? 0;
  const alike = (row: number, column: number) => {
    const line = lines[column];
    return line === undefined ? 0 : likeness(line, printed[row] ?? '');
  };
  for (let row = printed.length - 1; row >= 0; row--)
    for (let column = lines.length - 1; column >= 0; column--) {
      const like = alike(row, column);
      const taken = like === 0 ? 0 : like + at(row + 1, column + 1);
      weight[row * width + column] = Math.max(taken, at(row + 1, column), at(row, column + 1));
    }
  const aligned = new Array<number | undefined>(printed.length).fill(undefined);
  for (let row = 0, column = 0; row < printed.length && column < lines.length; ) {
    const like = alike(row, column);
    if (like > 0 && at(row, column) === like + at(row + 1, column + 1)) aligned[row++] = column++;
    else if (at(row, column) === at(row + 1, column)) row++;
    else column++;
  }
  return aligned;
}

function mostSimilar(lines: readonly TemplateLine[], printed: string): number | undefined {
  let best: number | undefined;
  let most = 0;
  for (const [index, line] of lines.entries()) {
    const like = likeness(line, printed);
    if (like > most) [best, most] = [index, like];
  }
  return best;
}

/** The action that stands where the line was printed, or the last line before it that is known. */
function printerOf(lines: readonly TemplateLine[], aligned: readonly (number | undefined)[], index: number): number {
  const before = aligned.slice(0, index).findLast((line) => line !== undefined) ?? -1;
  const after = aligned.slice(index + 1).find((line) => line !== undefined) ?? lines.length;
  const printer = lines.findIndex(({ prints }, line) => prints && line > before && line < after);
  return printer === -1 ? Math.max(before, 0) : printer;
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}
