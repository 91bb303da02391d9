import type { Report } from '../core/report.ts';

export interface Style {
  readonly color: boolean;
  /** Columns that a line may take. */
  readonly width: number;
  /** Also what passed and what does not apply. */
  readonly verbose: boolean;
}

/** A pure function from the report to a text that ends with a newline. */
export type Reporter = (report: Report, style: Style) => string;

export const REPORT_FORMATS = ['text', 'json'] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

/** Loads one reporter; the others cost nothing. */
export async function loadReporter(format: ReportFormat): Promise<Reporter> {
  switch (format) {
    case 'text':
      return (await import('./text.ts')).textReporter;
    case 'json':
      return (await import('./json.ts')).jsonReporter;
  }
}
