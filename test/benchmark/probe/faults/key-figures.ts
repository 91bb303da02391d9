import type { Fault } from '../fault.ts';
import { type Family, histogram, newCounts } from '../metrics.ts';
import type { RequestLabels, Service } from '../service.ts';
import { changing, family, gauge, more, samples } from './changes.ts';

const KEY_FIGURES = '3.3';
const REQUESTS = 'http_requests_total';
const DURATION = 'http_request_duration_seconds';
const MODEL = 'gen_ai_client_operation_duration_seconds';
const TOOLS = 'gen_ai_tool_calls_total';

const without =
  (...names: readonly string[]) =>
  (base: Service): Service => ({
    ...base,
    families: (counts) => base.families(counts).filter(({ name }) => !names.includes(name)),
  });

function withoutLabel(name: string, label: string) {
  return samples(name, (all) =>
    merged(
      all.map((sample) => {
        const { [label]: _, ...labels } = sample.labels;
        return { ...sample, labels };
      }),
    ),
  );
}

/** Series that have become the same are one. */
function merged(all: Family['samples']): Family['samples'] {
  const groups = Map.groupBy(all, ({ suffix, labels }) => JSON.stringify([suffix, labels]));
  return [...groups.values()].flatMap((same) => {
    const [first] = same;
    return first === undefined ? [] : { ...first, value: same.reduce((sum, { value }) => sum + Number(value), 0) };
  });
}

/** Buckets that end at this bound; `name` may be a histogram of several series. */
const bucketsUpTo = (name: string, bound: number) =>
  samples(name, (all) => all.filter(({ labels: { le } }) => le === undefined || le === '+Inf' || Number(le) <= bound));

/** Counts every request under other labels. */
const labelled =
  (change: (labels: RequestLabels, url: string, method: string) => RequestLabels | undefined) =>
  (base: Service): Service => ({
    ...base,
    labels: (asked, status) => {
      const labels = base.labels(asked, status);
      return labels === undefined ? undefined : change(labels, asked.url, asked.method);
    },
  });

/** A family as it was when nothing had been counted. */
const frozen =
  (...names: readonly string[]) =>
  (base: Service): Service => {
    const start = newCounts();
    return {
      ...base,
      families: (counts) => {
        const still = base.families(start);
        return base
          .families(counts)
          .map((each) => (names.includes(each.name) ? (still.find(({ name }) => name === each.name) ?? each) : each));
      },
    };
  };

/** Key figures that are not there, do not move, or move wrongly. */
export const KEY_FIGURE_FAULTS: readonly Fault[] = [
  fault(
    'no-request-duration',
    'Nothing tells how long requests take.',
    'metrics/request-kpi',
    /No metric that is known tells the latency and count of requests/,
    without(DURATION),
  ),
  fault(
    'no-error-rate',
    'Nothing tells requests that failed from others.',
    'metrics/error-kpi',
    /no label tells errors from successes/,
    withoutLabel(REQUESTS, 'status'),
  ),
  fault(
    'no-request-count',
    'Requests are timed, and neither their number nor their failures are counted.',
    'metrics/error-kpi',
    /no label tells errors from successes/,
    without(REQUESTS),
  ),
  fault(
    'no-model-latency',
    'Nothing tells how long the language model takes.',
    'metrics/llm-kpi',
    /No metric that is known tells the latency of LLM calls/,
    without(MODEL),
  ),
  fault(
    'no-tool-calls',
    'Nothing tells how often tools are called.',
    'metrics/tool-kpi',
    /No metric that is known tells the number of tool calls/,
    without(TOOLS),
  ),
  fault(
    'no-route',
    'The duration of requests is told for all routes together.',
    'metrics/request-kpi',
    /no label tells the endpoints apart/,
    withoutLabel(DURATION, 'route'),
  ),
  fault(
    'errors-without-route',
    'Failures are counted for all routes together.',
    'metrics/error-kpi',
    /no label tells the endpoints apart/,
    withoutLabel(REQUESTS, 'route'),
  ),
  fault(
    'request-buckets-end-early',
    'The buckets for requests end at one second.',
    'metrics/request-kpi',
    /The highest bucket ends at 1 s/,
    bucketsUpTo(DURATION, 1),
  ),
  fault(
    'model-buckets-end-early',
    'The buckets for the language model end at ten seconds, where its answers begin.',
    'metrics/llm-kpi',
    /The highest bucket ends at 10 s/,
    family(MODEL, (each) => ({
      ...each,
      samples: histogram({ gen_ai_operation_name: 'chat' }, [], [0.1, 0.5, 1, 5, 10]),
    })),
  ),
  fault(
    'raw-paths',
    'The raw path is a label.',
    'metrics/cardinality',
    /an unknown path became a value of its own/,
    labelled((labels, url) => ({ ...labels, route: url })),
  ),
  fault(
    'odd-methods',
    'Whatever method a caller makes up becomes a label.',
    'metrics/cardinality',
    /a method that no route serves became a value of its own/,
    labelled((labels, _url, method) => ({ ...labels, method })),
  ),
  fault(
    'e-mail-label',
    'A label holds the e-mail address of a user.',
    'metrics/cardinality',
    /a value is an e-mail address or a credential/,
    more(gauge('qna_sessions', { user: 'ada@example.com' })),
  ),
  fault(
    'key-label',
    'A label holds the key of a caller.',
    'metrics/cardinality',
    /a value is an e-mail address or a credential/,
    more(gauge('qna_sessions', { key: 'sk-proj-4b1d9f2c7a6e8d3f5a0c9b8e' })),
  ),
  fault(
    'uuid-labels',
    'A label holds the id of a conversation.',
    'metrics/cardinality',
    /2 values look like a UUID/,
    more(
      many('qna_conversation_messages', 'conversation', [
        '3f0e9a52-6f5b-4f7b-9c55-0a1b2c3d4e5f',
        '8d7c6b5a-4f3e-4d2c-8b1a-9f8e7d6c5b4a',
      ]),
    ),
  ),
  fault(
    'paths-with-ids',
    'Paths with the number of a document in them are a label.',
    'metrics/cardinality',
    /values look like a path with a number in it/,
    more(many('qna_document_reads', 'path', ['/documents/4711', '/documents/4712'])),
  ),
  fault(
    'many-values',
    'A label has a value for each of 150 customers.',
    'metrics/cardinality',
    /it has 150 values/,
    more(
      many(
        'qna_customer_questions',
        'customer',
        Array.from({ length: 150 }, (_, index) => `customer-${index}`),
      ),
    ),
  ),
  fault(
    'prompts-as-labels',
    'A label holds what users ask.',
    'metrics/cardinality',
    /a value is a question that somebody asked/,
    more(many('qna_recent_answers', 'prompt', ['What is the refund policy?', 'Can I return shoes that I wore?'])),
  ),
  fault(
    'cached-page',
    'The page of metrics is rendered once, and then comes from a cache.',
    'metrics/moves',
    /Not one value changed between the scrapes/,
    (base) => {
      let kept: string | Buffer | undefined;
      return {
        ...base,
        page: (families, counts) => {
          kept ??= base.page(families, counts);
          return kept;
        },
      };
    },
  ),
  fault(
    'counter-falls',
    'A counter falls while the process lives.',
    'metrics/moves',
    /Counts fell while the process lived: gen_ai_tokens_total/,
    (base) => ({
      ...base,
      families: (counts) => [
        ...base.families(counts).filter(({ name }) => name !== 'gen_ai_tokens_total'),
        {
          name: 'gen_ai_tokens_total',
          type: 'counter',
          help: 'Tokens that were billed.',
          samples: [{ suffix: '', labels: {}, value: Math.max(0, 900 - counts.scrapes) }],
        },
      ],
    }),
  ),
  fault(
    'workers-without-sharing',
    'Two workers answer in turn, each with counts of its own and without saying which it is.',
    'unknown:metrics/moves',
    /answered by different processes/,
    (base) => {
      const other = newCounts();
      for (let index = 0; index < 50; index++) other.add({ method: 'POST', route: '/v1/ask', status: '200' }, 1);
      for (let index = 0; index < 50; index++) other.addAnswer(1);
      const nameless = without('process_start_time_seconds')(base);
      return {
        ...nameless,
        families: (counts) => nameless.families(counts.scrapes % 2 === 1 ? other : counts),
      };
    },
  ),
  fault(
    'question-not-counted',
    'Requests for health are counted, questions are not.',
    'metrics/moves',
    /The question was answered but not counted/,
    (base) => ({
      ...base,
      labels: (asked, status) => (asked.path === '/v1/ask' ? undefined : base.labels(asked, status)),
    }),
    true,
  ),
  fault(
    'requests-not-counted',
    'No request is counted at all, while other values move.',
    'metrics/moves',
    /The question was answered but not counted/,
    frozen(REQUESTS, DURATION),
    true,
  ),
  fault(
    'requests-not-counted-unasked',
    'No request is counted at all, and there is no question to be sure.',
    'unknown:metrics/moves',
    /None of the requests was counted/,
    (base) => {
      const still = frozen(REQUESTS, DURATION)(base);
      return {
        ...still,
        families: (counts) => [...still.families(counts), gauge('qna_scrapes', {}, counts.scrapes)],
      };
    },
  ),
  fault(
    'durations-in-milliseconds',
    'Durations are recorded in milliseconds under a name that says seconds.',
    'metrics/moves',
    /the unit of the metric is probably wrong/,
    // Each answer takes a while, so that the difference is larger than whatever a busy machine adds.
    (base) => ({
      ...base,
      live: changing(base.live, (answer) => ({ ...answer, afterMs: 30 })),
      ready: changing(base.ready, (answer) => ({ ...answer, afterMs: 30 })),
      families: (counts) =>
        base.families({
          ...counts,
          requests: new Map(
            [...counts.requests].map(([key, { labels, seconds }]) => [
              key,
              { labels, seconds: seconds.map((value) => value * 1000) },
            ]),
          ),
        }),
    }),
  ),
  fault(
    'durations-always-zero',
    'The duration of every request is recorded as 0.',
    'metrics/moves',
    /The durations are recorded as 0/,
    // Each answer takes a while, so that 0 is no rounding.
    (base) => ({
      ...base,
      live: changing(base.live, (answer) => ({ ...answer, afterMs: 30 })),
      ready: changing(base.ready, (answer) => ({ ...answer, afterMs: 30 })),
      families: (counts) =>
        base.families({
          ...counts,
          requests: new Map(
            [...counts.requests].map(([key, { labels, seconds }]) => [key, { labels, seconds: seconds.map(() => 0) }]),
          ),
        }),
    }),
  ),
  fault(
    'errors-counted-as-successes',
    'The error handler answers after the counting: every request counts as 200.',
    'metrics/moves',
    /A refused question was not counted as an error/,
    labelled((labels) => ({ ...labels, status: '200' })),
    true,
  ),
  fault(
    'model-calls-do-not-move',
    'The question is answered, and no call of the language model is counted.',
    'metrics/moves',
    /no LLM call was counted/,
    frozen(MODEL),
    true,
  ),
  fault(
    'tokens-do-not-move',
    'The question is answered, and no token is counted.',
    'llm/token-metrics',
    /token/i,
    frozen('gen_ai_tokens_total'),
    true,
    '9.5',
  ),
  fault(
    'tool-calls-do-not-move',
    'The question is answered with a tool, and no call of one is counted.',
    'missed',
    /tool call/i,
    frozen(TOOLS),
    true,
  ),
];

function many(name: string, label: string, values: readonly string[]): Family {
  return {
    name,
    type: 'gauge',
    help: 'One for each.',
    samples: values.map((value) => ({ suffix: '', labels: { [label]: value }, value: 1 })),
  };
}

function fault(
  name: string,
  tells: string,
  check: string,
  says: RegExp,
  breaks: (base: Service) => Service,
  asks?: true,
  item = KEY_FIGURES,
): Fault {
  return { name, tells, item, check, says, breaks, ...(asks === undefined ? {} : { asks }) };
}
