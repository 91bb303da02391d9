import type { ChalkInstance } from 'chalk';
import { safe, wrap } from './layout.ts';
import type { FindCheck, Style } from './reporter.ts';

/** Whoever has more open reads the pages of `explain`, one by one. */
const MAX_EXPLAINED = 25;

export interface Explanations {
  /** The explanation of a check at its first open finding, without what `toldFix` says already; nothing at the others. */
  of(check: string, toldFix: string | undefined): readonly string[];
  /** The checks that were too many, and where they are explained; empty where there are none. */
  rest(): string;
}

/** Why, fix and verify of each check, as `explain CHECK` tells them, once for each. */
export function explanations(
  findCheck: FindCheck,
  chalk: ChalkInstance,
  { width, hyperlink }: Pick<Style, 'width' | 'hyperlink'>,
): Explanations {
  const told = new Set<string>();
  const left = new Set<string>();
  return {
    of(id, toldFix) {
      const check = findCheck(id);
      if (check === undefined || told.has(id) || left.has(id)) return [];
      if (told.size >= MAX_EXPLAINED) {
        left.add(id);
        return [];
      }
      told.add(id);
      const row = (name: string, text: string) =>
        wrap(text, width - 12).map((line, nth) => `  ${chalk.dim((nth === 0 ? name : '').padEnd(9))} ${line}`);
      const [reference] = check.references;
      return [
        ...row('why', check.why),
        ...(check.fix === toldFix ? [] : row(toldFix === undefined ? 'fix' : 'or', check.fix)),
        ...row('verify', check.verify),
        ...(reference === undefined
          ? []
          : [`  ${chalk.dim('see'.padEnd(9))} ${hyperlink?.(safe(reference), reference) ?? safe(reference)}`]),
      ];
    },
    rest() {
      if (left.size === 0) return '';
      return wrap(
        `${left.size} more checks are open; qna-ready explain CHECK tells of each: ${[...left].join(', ')}.`,
        width,
      )
        .map((line) => chalk.dim(line))
        .join('\n');
    },
  };
}
