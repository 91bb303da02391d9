import type { CheckMeta } from '../core/check.ts';
import type { Report, ReportFinding } from '../core/report.ts';

export interface Style {
  readonly color: boolean;
  /** Columns that a line may take. */
  readonly width: number;
  /** The command that shows a finding with kubectl, where it is not in the report yet. */
  readonly commandOf?: (finding: ReportFinding) => string | undefined;
  /** Also what passed and what does not apply. */
  readonly verbose: boolean;
  /** Only the open findings, a line each, and the verdict; for `text`. */
  readonly quiet?: boolean;
  /** Also why each check that is open is made, and how to mend and verify it; for `text`. */
  readonly explain?: boolean;
  /** Makes a link of what is shown, where the terminal can follow one. */
  readonly hyperlink?: Hyperlink;
  /** The lines of a file around one of them, without secrets; absent where no frame is wanted. */
  readonly excerpt?: (file: string, line: number) => readonly { readonly line: number; readonly text: string }[];
}

/** The text that is shown, as a link to a file of the report or to a page; unchanged where there is nothing to link to. */
export type Hyperlink = (shown: string, target: { readonly file: string; readonly line: number } | string) => string;

/** What is known of a check; undefined for one of another version, whose findings a saved report may hold. */
export type FindCheck = (id: string) => CheckMeta | undefined;

/** A pure function from the report to a text that ends with a newline: whole, or piece by piece where it can be long. */
export type Reporter = (report: Report, style: Style, findCheck: FindCheck) => string | Generator<string>;

export const REPORT_FORMATS = [
  'text',
  'json',
  'sarif',
  'junit',
  'github',
  'gitlab',
  'tap',
  'markdown',
  'html',
  'prometheus',
] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

/** Loads one reporter; the others cost nothing. */
export async function loadReporter(format: ReportFormat): Promise<Reporter> {
  switch (format) {
    case 'text':
      return (await import('./text.ts')).textReporter;
    case 'json':
      return (await import('./json.ts')).jsonReporter;
    case 'sarif':
      return (await import('./sarif.ts')).sarifReporter;
    case 'junit':
      return (await import('./junit.ts')).junitReporter;
    case 'github':
      return (await import('./github.ts')).githubReporter;
    case 'gitlab':
      return (await import('./gitlab.ts')).gitlabReporter;
    case 'tap':
      return (await import('./tap.ts')).tapReporter;
    case 'markdown':
      return (await import('./markdown.ts')).markdownReporter;
    case 'html':
      return (await import('./html/page.ts')).htmlReporter;
    case 'prometheus':
      return (await import('./prometheus.ts')).prometheusReporter;
  }
}
