import type { Fault } from '../fault.ts';
import type { Sample } from '../metrics.ts';
import type { Service } from '../service.ts';
import { gauge, more, samples } from './changes.ts';

const METRICS = '3.2';

/** Changes the text of the page. A change that changes nothing is a mistake in the table. */
function text(change: (page: string) => string) {
  return (base: Service): Service => ({
    ...base,
    page: (families, counts) => {
      const page = String(base.page(families, counts));
      const changed = change(page);
      if (changed === page) throw new Error('The fault does not change the page of metrics.');
      return changed;
    },
  });
}

const MODEL = 'gen_ai_client_operation_duration_seconds';
const POOL = 'qna_database_connections';

/** A histogram that holds something from the start, so that its buckets can contradict each other. */
const filled = (change: (samples: readonly Sample[]) => readonly Sample[]) =>
  samples(MODEL, (all) =>
    change(
      all.map((sample) =>
        sample.suffix === '_sum'
          ? { ...sample, value: Number(sample.value) + 4 }
          : { ...sample, value: Number(sample.value) + (isBelow(sample, 2) ? 1 : 3) },
      ),
    ),
  );

const isBelow = ({ suffix, labels }: Sample, bound: number) => suffix === '_bucket' && Number(labels.le) < bound;
const isInfinite = ({ labels }: Sample) => labels.le === '+Inf';

/** Pages with a line that is malformed, or a structure that lies. */
export const METRICS_FORMAT_FAULTS: readonly Fault[] = [
  fault(
    'crlf',
    'The lines of the page end as on Windows.',
    /carriage-return/,
    text((page) => page.replaceAll('\n', '\r\n')),
  ),
  fault(
    'no-final-newline',
    'The last line of the page does not end.',
    /missing-final-newline/,
    text((page) => page.trimEnd()),
  ),
  fault(
    'metric-name-with-hyphen',
    'A metric has a hyphen in its name.',
    /Prometheus 3 refuses the whole page/,
    text((page) => page.replaceAll(POOL, 'qna_database-connections')),
  ),
  fault(
    'label-without-quotes',
    'The value of a label is not quoted.',
    /missing-quote/,
    text((page) => page.replace('state="idle"', 'state=idle')),
  ),
  fault(
    'label-with-newline',
    'A label holds a newline that is not escaped.',
    /unterminated-label-value/,
    text((page) => page.replace('state="idle"', 'state="idle\n"')),
  ),
  fault(
    'number-with-underscore',
    'A value is written as programmers write it.',
    /invalid-value/,
    text((page) => page.replace('{state="idle"} 3', '{state="idle"} 1_000')),
  ),
  fault(
    'number-with-comma',
    'A value has the decimal comma of the locale.',
    /Prometheus 3 refuses the whole page/,
    text((page) => page.replace('{state="idle"} 3', '{state="idle"} 3,5')),
  ),
  fault(
    'value-missing',
    'A sample has no value, because the program printed what was not there.',
    /missing-value|invalid-value/,
    text((page) => page.replace('{state="idle"} 3', '{state="idle"} undefined')),
  ),
  fault(
    'exemplar-in-text',
    'The page has an exemplar, which only OpenMetrics knows.',
    /exemplar-in-text/,
    text((page) => page.replace('{state="idle"} 3', '{state="idle"} 3 # {trace_id="4bf92f35"} 0.2')),
  ),
  fault(
    'unknown-type',
    'A metric has a type that does not exist.',
    /unknown-type/,
    text((page) => page.replace(`# TYPE ${POOL} gauge`, `# TYPE ${POOL} number`)),
  ),
  fault(
    'type-after-samples',
    'The type of a metric stands behind its samples.',
    /type-after-samples/,
    text((page) => `${page.replace(`# TYPE ${POOL} gauge\n`, '')}# TYPE ${POOL} gauge\n`),
  ),
  fault(
    'type-twice',
    'The type of a metric stands there twice.',
    /second-type/,
    text((page) => page.replace(`# TYPE ${POOL} gauge\n`, `# TYPE ${POOL} gauge\n# TYPE ${POOL} gauge\n`)),
  ),
  fault(
    'help-twice',
    'The help of a metric stands there twice.',
    /second-help/,
    text((page) => page.replace(`# TYPE ${POOL}`, `# HELP ${POOL} Connections.\n# TYPE ${POOL}`)),
  ),
  fault(
    'duplicate-series',
    'One series stands on the page twice, with two values.',
    /duplicate-series/,
    samples(POOL, (all) => [...all, { suffix: '', labels: { state: 'idle' }, value: 2 }]),
  ),
  fault(
    'split-family',
    'The samples of a metric stand in two places.',
    /split-family/,
    text((page) => `${page.replace(`${POOL}{state="idle"} 3\n`, '')}${POOL}{state="idle"} 3\n`),
  ),
  fault(
    'no-infinite-bucket',
    'A histogram has no bucket for +Inf.',
    /missing-infinite-bucket/,
    samples(MODEL, (all) => all.filter((sample) => !isInfinite(sample))),
  ),
  fault(
    'buckets-not-cumulative',
    'The buckets of a histogram count each their own, and not all below them.',
    /buckets-not-cumulative/,
    filled((all) =>
      all.map((sample) => (isBelow(sample, 0.1) ? { ...sample, value: Number(sample.value) + 9 } : sample)),
    ),
  ),
  fault(
    'infinite-bucket-differs',
    'The bucket for +Inf of a histogram is not its count.',
    /infinite-bucket-differs/,
    filled((all) =>
      all.map((sample) => (sample.suffix === '_count' ? { ...sample, value: Number(sample.value) + 2 } : sample)),
    ),
  ),
  fault(
    'no-sum',
    'A histogram has no sum.',
    /missing-sum/,
    samples(MODEL, (all) => all.filter(({ suffix }) => suffix !== '_sum')),
  ),
  fault(
    'no-count',
    'A histogram has no count.',
    /missing-count/,
    samples(MODEL, (all) => all.filter(({ suffix }) => suffix !== '_count')),
  ),
  fault(
    'buckets-out-of-order',
    'The buckets of a histogram stand in the order of a text, and not of their bounds.',
    /buckets-out-of-order/,
    samples(MODEL, (all) => all.toSorted((a, b) => (a.labels.le ?? '~').localeCompare(b.labels.le ?? '~'))),
  ),
  fault(
    'bucket-without-bound',
    'A bucket of a histogram does not say where it ends.',
    /bucket-without-bound/,
    samples(MODEL, (all) => [...all, { suffix: '_bucket', labels: { gen_ai_operation_name: 'embeddings' }, value: 0 }]),
  ),
  fault(
    'negative-counter',
    'A counter is below zero.',
    /negative-counter/,
    samples('gen_ai_tokens_total', (all) =>
      all.with(0, { suffix: '', labels: { gen_ai_token_type: 'input' }, value: -5 }),
    ),
  ),
  fault(
    'nan-counter',
    'A counter is not a number.',
    /counter-not-a-number/,
    samples('gen_ai_tokens_total', (all) =>
      all.with(0, { suffix: '', labels: { gen_ai_token_type: 'input' }, value: 'NaN' }),
    ),
  ),
  fault(
    'reserved-name',
    'A metric is called up, as the one that Prometheus writes of each target.',
    /reserved-name/,
    more(gauge('up')),
  ),
  fault(
    'explicit-timestamps',
    'The samples have timestamps of their own, which hides that the target is gone.',
    /explicit-timestamp/,
    text((page) => page.replace('{state="idle"} 3', '{state="idle"} 3 1767225600000')),
  ),
  fault(
    'invalid-quantile',
    'A summary has the quantile 99.',
    /invalid-quantile/,
    more({
      name: 'qna_prompt_length_characters',
      type: 'summary',
      help: 'Characters of the prompts.',
      samples: [
        { suffix: '', labels: { quantile: '99' }, value: 1200 },
        { suffix: '_sum', labels: {}, value: 3400 },
        { suffix: '_count', labels: {}, value: 4 },
      ],
    }),
  ),
];

function fault(name: string, tells: string, says: RegExp, breaks: (base: Service) => Service): Fault {
  return { name, tells, item: METRICS, check: 'metrics/format', says, breaks };
}
