import type { Fault } from '../fault.ts';
import type { Service } from '../service.ts';
import { family, gauge, more } from './changes.ts';

/** Names and descriptions that mislead whoever writes the next query. */
export const METRICS_NAMING_FAULTS: readonly Fault[] = [
  fault(
    'gauge-named-total',
    'A gauge is called _total.',
    /non-counter metrics should not have "_total" suffix/,
    more(gauge('qna_documents_total')),
  ),
  fault(
    'counter-without-total',
    'A counter is not called _total.',
    /counter metrics should have "_total" suffix/,
    family('gen_ai_tokens_total', (each) => ({ ...each, name: 'gen_ai_tokens' })),
  ),
  fault(
    'requests-as-gauge',
    'The count of requests says that it is a gauge.',
    /non-counter metrics should not have "_total" suffix/,
    family('http_requests_total', (each) => ({ ...each, type: 'gauge' })),
  ),
  fault(
    'no-help',
    'A metric has no help.',
    /no help text/,
    family('qna_database_connections', (each) => ({ ...each, help: undefined })),
  ),
  fault(
    'milliseconds',
    'A metric is told in milliseconds.',
    /use base unit "seconds" instead of "milliseconds"/,
    more(gauge('qna_queue_wait_milliseconds')),
  ),
  fault(
    'abbreviated-unit',
    'The unit of a metric is abbreviated.',
    /metric names should not contain abbreviated units/,
    more(gauge('qna_queue_wait_ms')),
  ),
  fault(
    'camel-case',
    'A metric is named as in a program.',
    /metric names should be written in 'snake_case'/,
    more(gauge('qnaQueueLength')),
  ),
  fault(
    'label-camel-case',
    'A label is named as in a program.',
    /label names should be written in 'snake_case'/,
    more(gauge('qna_queue_length', { queueName: 'questions' })),
  ),
  fault(
    'colon-in-name',
    'A metric has a colon in its name, which belongs to recording rules.',
    /metric names should not contain ':'/,
    more(gauge('qna:queue_length')),
  ),
  fault(
    'type-in-name',
    'A metric has its type in its name.',
    /metric name should not include type 'gauge'/,
    more(gauge('qna_queue_length_gauge')),
  ),
  fault(
    'gauge-named-count',
    'A gauge is called _count, as the count of a histogram.',
    /should not have "_count" suffix/,
    more(gauge('qna_queue_count')),
  ),
];

function fault(name: string, tells: string, says: RegExp, breaks: (base: Service) => Service): Fault {
  return { name, tells, item: '3.2', check: 'metrics/naming', says, breaks };
}
