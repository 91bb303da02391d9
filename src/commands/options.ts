import type { SchemaVersion } from '../core/api-schemas.ts';
import type { Severity } from '../core/check.ts';
import type { ReportFormat } from '../reporters/reporter.ts';
import type { ApplicationChoice } from './choose-applications.ts';

/** Where one report goes. */
export interface ReportTarget {
  readonly format: ReportFormat;
  /** Standard output where absent. */
  readonly file?: string;
}

/** How files are judged. */
export interface FilesChoice {
  /** The version whose API server the objects are meant for; the newest that is known where absent. */
  readonly kubernetes?: SchemaVersion;
  /** Files and folders that define custom resources. */
  readonly definitions: readonly string[];
  /** Told of each file that is read. */
  readonly reading?: (file: string) => void;
  /** How the Helm charts among the files are rendered. */
  readonly charts: { readonly values: readonly string[]; readonly namespace?: string };
}

/** The options that every judging command takes. */
export interface CommonOptions extends ApplicationChoice {
  readonly only: readonly string[];
  readonly skip: readonly string[];
  readonly failOn: Severity;
  readonly allowUnknown: boolean;
  readonly reports: readonly ReportTarget[];
  readonly config?: string;
  /** A report of an earlier run, as JSON: what failed there fails no run. */
  readonly baseline?: string;
  readonly verbose: boolean;
  /** Only what is open, a line each, and the verdict. */
  readonly quiet?: boolean;
  /** Also why each check that is open is made, and how to mend and verify it. */
  readonly explain?: boolean;
  readonly color?: boolean;
}
