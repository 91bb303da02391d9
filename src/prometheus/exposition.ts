import type { Fault } from './faults.ts';
import type { KpiAlias } from './kpi-alias.ts';

/** The text formats that are parsed: 0.0.4 and 1.0.0 of Prometheus' own are one grammar, OpenMetrics 1.0 is another. */
export type ExpositionFormat = 'text' | 'openmetrics';

export type MetricType =
  | 'counter'
  | 'gauge'
  | 'histogram'
  | 'summary'
  | 'untyped'
  | 'info'
  | 'stateset'
  | 'gaugehistogram';

/** A page of metrics as it was read. Lines that were faulty are left out of the families and told as faults. */
export interface Exposition {
  readonly format: ExpositionFormat;
  /** In the order of the page. */
  readonly families: readonly MetricFamily[];
  /** Breaches of the grammar, in the order of the page; at most `FAULT_LIMIT`. */
  readonly faults: readonly Fault[];
  /** How many faults there were beyond the limit. */
  readonly faultsLeftOut: number;
  /** Of the whole page, those that were not kept included. */
  readonly sampleCount: number;
  /** Samples and families that were read, and not kept because of the limits. */
  readonly samplesLeftOut: number;
  readonly familiesLeftOut: number;
  /** Names that the owner of the page gives KPIs. */
  readonly ownAliases?: readonly KpiAlias[];
}

export interface MetricFamily {
  /** Without the suffixes that its type adds: `http_request_duration_seconds`; in OpenMetrics also without `_total`. */
  readonly name: string;
  readonly type: MetricType;
  /** The type was written on the page; otherwise it is `untyped` by default. */
  readonly typed: boolean;
  /** At most its first 4,096 characters. */
  readonly help: string | undefined;
  readonly unit: string | undefined;
  /** In the order of the page; fewer than `sampleCount` where the limits were reached. */
  readonly samples: readonly Sample[];
  readonly sampleCount: number;
  /** The first line that speaks of the family. */
  readonly line: number;
}

export interface Sample {
  /** As written, suffix included. */
  readonly name: string;
  readonly labels: readonly Label[];
  readonly value: number;
  /** Milliseconds since 1970 in the text format, seconds in OpenMetrics. */
  readonly timestamp: number | undefined;
  readonly exemplar: Exemplar | undefined;
  readonly line: number;
  readonly column: number;
}

export interface Label {
  readonly name: string;
  readonly value: string;
}

export interface Exemplar {
  readonly labels: readonly Label[];
  readonly value: number;
  readonly timestamp: number | undefined;
}

export function labelOf(sample: Sample, name: string): string | undefined {
  for (const label of sample.labels) if (label.name === name) return label.value;
  return undefined;
}

/** Whether every sample of the family that stood on the page was kept. */
export function isWhole(family: MetricFamily): boolean {
  return family.samples.length === family.sampleCount;
}
