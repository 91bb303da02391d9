import type { RequestLabels } from './service.ts';

/** What a service remembers of the requests that it answered. Everything that is known beforehand starts at 0. */
export interface Counts {
  readonly requests: ReadonlyMap<string, Counted>;
  /** Seconds that each call of the model took. */
  readonly modelSeconds: readonly number[];
  readonly tokens: { readonly input: number; readonly output: number };
  readonly toolCalls: number;
  /** How often the page of metrics was asked for. */
  readonly scrapes: number;
  readonly startedAt: number;
  add(labels: RequestLabels, seconds: number): void;
  /** A call of the model, with the tool that it called. */
  addAnswer(seconds: number): void;
  addScrape(): void;
}

export interface Counted {
  readonly labels: RequestLabels;
  readonly seconds: readonly number[];
}

export interface Family {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram' | 'summary' | 'untyped';
  readonly help: string | undefined;
  readonly samples: readonly Sample[];
}

export interface Sample {
  /** `_bucket`, `_sum`, `_count`, or nothing. */
  readonly suffix: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number | string;
}

const ROUTES: readonly RequestLabels[] = [
  { method: 'GET', route: '/health/live', status: '200' },
  { method: 'GET', route: '/health/ready', status: '200' },
  { method: 'POST', route: '/v1/ask', status: '200' },
  { method: 'POST', route: '/v1/ask', status: '400' },
  { method: 'POST', route: '/v1/ask', status: '502' },
];

export function newCounts(): Counts {
  const requests = new Map<string, { labels: RequestLabels; seconds: number[] }>();
  const modelSeconds: number[] = [];
  const tokens = { input: 0, output: 0 };
  const entryOf = (labels: RequestLabels) => {
    const key = JSON.stringify([labels.method, labels.route, labels.status]);
    const entry = requests.get(key) ?? { labels, seconds: [] };
    requests.set(key, entry);
    return entry;
  };
  for (const labels of ROUTES) entryOf(labels);
  const counts = {
    requests,
    modelSeconds,
    tokens,
    toolCalls: 0,
    scrapes: 0,
    startedAt: Date.now() / 1000,
    add: (labels: RequestLabels, seconds: number) => void entryOf(labels).seconds.push(seconds),
    addAnswer(seconds: number) {
      modelSeconds.push(seconds);
      tokens.input += 120;
      tokens.output += 40;
      counts.toolCalls++;
    },
    addScrape() {
      counts.scrapes++;
    },
  };
  return counts;
}

export const HTTP_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10] as const;
export const MODEL_BUCKETS = [
  0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92,
] as const;

/** The families of a service that tells its four key figures by the names that are recommended. */
export function goodFamilies(counts: Counts): readonly Family[] {
  const counted = [...counts.requests.values()];
  const perRoute = Map.groupBy(counted, ({ labels }) => JSON.stringify({ method: labels.method, route: labels.route }));
  const { input, output } = counts.tokens;
  const model = { gen_ai_operation_name: 'chat', gen_ai_provider_name: 'stub', gen_ai_request_model: 'stub-1' };
  return [
    {
      name: 'http_requests_total',
      type: 'counter',
      help: 'Requests by method, route and status.',
      samples: counted.map(({ labels, seconds }) => ({ suffix: '', labels: { ...labels }, value: seconds.length })),
    },
    {
      name: 'http_request_duration_seconds',
      type: 'histogram',
      help: 'Duration of requests by method and route.',
      samples: [...perRoute].flatMap(([labels, entries]) =>
        histogram(
          JSON.parse(labels) as Record<string, string>,
          entries.flatMap(({ seconds }) => seconds),
          HTTP_BUCKETS,
        ),
      ),
    },
    {
      name: 'gen_ai_client_operation_duration_seconds',
      type: 'histogram',
      help: 'Duration of calls of the language model.',
      samples: histogram(model, counts.modelSeconds, MODEL_BUCKETS),
    },
    {
      name: 'gen_ai_tokens_total',
      type: 'counter',
      help: 'Tokens that were billed.',
      samples: [
        { suffix: '', labels: { gen_ai_token_type: 'input' }, value: input },
        { suffix: '', labels: { gen_ai_token_type: 'output' }, value: output },
      ],
    },
    {
      name: 'gen_ai_tool_calls_total',
      type: 'counter',
      help: 'Calls of tools by the language model.',
      samples: [{ suffix: '', labels: { gen_ai_tool_name: 'search', outcome: 'success' }, value: counts.toolCalls }],
    },
    {
      name: 'qna_database_connections',
      type: 'gauge',
      help: 'Connections to the database by state.',
      samples: [
        { suffix: '', labels: { state: 'used' }, value: 1 },
        { suffix: '', labels: { state: 'idle' }, value: 3 },
      ],
    },
    {
      name: 'process_start_time_seconds',
      type: 'gauge',
      help: 'When the process started, since 1970.',
      samples: [{ suffix: '', labels: {}, value: counts.startedAt }],
    },
  ];
}

export function histogram(
  labels: Readonly<Record<string, string>>,
  seconds: readonly number[],
  bounds: readonly number[],
): readonly Sample[] {
  const upTo = (bound: number) => seconds.filter((value) => value <= bound).length;
  return [
    ...bounds.map((bound) => ({ suffix: '_bucket', labels: { ...labels, le: String(bound) }, value: upTo(bound) })),
    { suffix: '_bucket', labels: { ...labels, le: '+Inf' }, value: seconds.length },
    { suffix: '_sum', labels, value: seconds.reduce((sum, value) => sum + value, 0) },
    { suffix: '_count', labels, value: seconds.length },
  ];
}

/** Text 0.0.4. */
export function renderPage(families: readonly Family[]): string {
  return families
    .map(
      ({ name, type, help, samples }) =>
        `${help === undefined ? '' : `# HELP ${name} ${help}\n`}# TYPE ${name} ${type}\n${samples
          .map(({ suffix, labels, value }) => `${name}${suffix}${renderLabels(labels)} ${value}\n`)
          .join('')}`,
    )
    .join('');
}

function renderLabels(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(
    ([name, value]) => `${name}="${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`,
  );
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}
