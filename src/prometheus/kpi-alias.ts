/** What an operator must be able to see of a question-answering service. The names by which libraries tell tokens are in `token-families.ts`. */
export type Kpi =
  | 'request-duration'
  | 'request-count'
  | 'request-errors'
  | 'llm-duration'
  | 'llm-tokens'
  | 'tool-calls';

/** Units of durations that libraries use, in seconds. */
const SECONDS_IN = { seconds: 1, milliseconds: 0.001, microseconds: 0.000_001 } as const;
export type DurationUnit = keyof typeof SECONDS_IN;

/** How many seconds one unit of the distribution is. */
export function secondsIn(alias: KpiAlias): number {
  return SECONDS_IN[alias.unit ?? 'seconds'];
}

/** A family by which some library or convention tells a KPI. Names are as in queries; a prefix before them is allowed. */
export interface KpiAlias {
  readonly kpi: Kpi;
  readonly name: string;
  /** `distribution`: a histogram or summary, whose count is told as `name_count`. */
  readonly shape: 'distribution' | 'counter';
  /** Labels that tell the endpoint apart; the first that is there counts. */
  readonly endpointLabels?: readonly string[];
  /** Labels that tell an error from a success. */
  readonly outcomeLabels?: readonly string[];
  /** Unit of the distribution; seconds where it is not written. */
  readonly unit?: DurationUnit;
  /** The name is too plain to be recognised behind a prefix: `openai_requests_total` counts something else. */
  readonly unprefixed?: true;
  readonly library: string;
  readonly source: string;
}
