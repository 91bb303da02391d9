import type { Severity } from '../../core/check.ts';

/** What the gate looks at, and how it tells; paths are those of the configuration's folder. */
export interface GateConfiguration {
  /** Files and folders. */
  readonly paths?: readonly string[];
  readonly cluster?: { readonly context?: string; readonly namespaces?: readonly string[] };
  readonly urls?: readonly string[];
  /** A report of an earlier run, as JSON. */
  readonly baseline?: string;
  /** By format, the file that it is written to. */
  readonly reports?: Readonly<Record<string, string>>;
  readonly failOn?: Severity;
}
