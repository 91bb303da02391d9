import type { ReportDiff } from '../core/report-diff.ts';
import type { Style } from './reporter.ts';

/** A pure function from what changed between two reports to a text that ends with a newline. */
export type DiffReporter = (diff: ReportDiff, style: Style) => string;

/** The formats in which what several reports say together is told. */
export const COMPARISON_FORMATS = ['text', 'json', 'markdown'] as const;
export type ComparisonFormat = (typeof COMPARISON_FORMATS)[number];

/** Loads one reporter; the others cost nothing. */
export async function loadDiffReporter(format: ComparisonFormat): Promise<DiffReporter> {
  switch (format) {
    case 'text':
      return (await import('./diff-text.ts')).diffTextReporter;
    case 'json':
      return (await import('./diff-json.ts')).diffJsonReporter;
    case 'markdown':
      return (await import('./diff-markdown.ts')).diffMarkdownReporter;
  }
}
