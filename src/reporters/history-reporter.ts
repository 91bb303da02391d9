import type { History } from '../core/history.ts';
import type { ComparisonFormat } from './diff-reporter.ts';
import type { Style } from './reporter.ts';

/** A pure function from what stored reports say together to a text that ends with a newline. */
export type HistoryReporter = (history: History, style: Style) => string;

/** Loads one reporter; the others cost nothing. */
export async function loadHistoryReporter(format: ComparisonFormat): Promise<HistoryReporter> {
  switch (format) {
    case 'text':
      return (await import('./history-text.ts')).historyTextReporter;
    case 'json':
      return (await import('./history-json.ts')).historyJsonReporter;
    case 'markdown':
      return (await import('./history-markdown.ts')).historyMarkdownReporter;
  }
}
