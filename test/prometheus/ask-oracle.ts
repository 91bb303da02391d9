import { spawnSync } from 'node:child_process';

export interface OracleQuestion {
  readonly page: string | Uint8Array;
  readonly contentType: string;
}

/** What Prometheus makes of a page; see test/cluster/binaries/exposition-oracle/main.go. */
export interface OracleAnswer {
  /** The parser that a scrape chooses by the Content-Type; empty where it refuses. */
  readonly format: 'text' | 'openmetrics' | 'protobuf' | '';
  /** Why a scrape fails; empty where it does not. */
  readonly scrape: string;
  readonly series: readonly {
    readonly labels: Readonly<Record<string, string>>;
    readonly value: string;
    /** In milliseconds. */
    readonly timestamp: number | null;
  }[];
  /** Why `promtool check metrics` cannot read the page; empty where it can. */
  readonly promtool: string;
  readonly findings: readonly string[];
}

/** Asks about all the pages at once, which takes no longer than starting promtool for a few of them. */
export function askOracle(oracle: string, questions: readonly OracleQuestion[]): readonly OracleAnswer[] {
  const input = questions.map(asLine).join('');
  const { status, stdout, stderr, error } = spawnSync(oracle, { input, encoding: 'utf8', maxBuffer: 1024 ** 3 });
  if (error !== undefined || status !== 0)
    throw new Error(`${oracle} ended with ${status}: ${stderr}`, { cause: error });
  const answers = stdout.split('\n').filter((line) => line !== '');
  return answers.map((line) => JSON.parse(line) as OracleAnswer);
}

function asLine({ page, contentType }: OracleQuestion): string {
  const bytes = typeof page === 'string' ? new TextEncoder().encode(page) : page;
  return `${JSON.stringify({ page: Buffer.from(bytes).toString('base64'), contentType })}\n`;
}
