import type { Verdict } from '../../core/check.ts';
import type { Exchange } from '../../core/endpoint-facts.ts';
import { judgeContentType } from '../../prometheus/content-type.ts';
import type { Exposition, ExpositionFormat } from '../../prometheus/exposition.ts';
import { parseExposition } from '../../prometheus/parse-exposition.ts';

/** The page of metrics in an answer; undefined where the answer is none, which metrics/scrape reports. */
export function readPage(exchange: Exchange): Exposition | undefined {
  const format = formatOf(exchange);
  return exchange.status === 200 && format !== 'protobuf' ? parseExposition(exchange.body, format) : undefined;
}

function formatOf(exchange: Exchange): ExpositionFormat | 'protobuf' {
  const verdict = judgeContentType(exchange.headers['content-type']);
  return verdict.accepted ? verdict.format : verdict.likely;
}

/** What a check says that has no page to judge. */
export function noPage(exchange: Exchange): readonly Verdict[] {
  return [
    {
      outcome: 'not-applicable',
      subject: 'metrics page',
      message: 'There is no page of metrics to judge; metrics/scrape says why.',
      where: { request: exchange.request },
    },
  ];
}
