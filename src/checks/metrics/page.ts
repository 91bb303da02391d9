import type { Verdict } from '../../core/check.ts';
import type { Exchange } from '../../core/endpoint-facts.ts';
import type { MetricSettings, NamedMetric, Settings } from '../../core/settings.ts';
import { judgeContentType } from '../../prometheus/content-type.ts';
import type { Exposition, ExpositionFormat } from '../../prometheus/exposition.ts';
import type { Kpi, KpiAlias } from '../../prometheus/kpi-alias.ts';
import { PAGE_LIMITS } from '../../prometheus/limits.ts';
import { parseExposition } from '../../prometheus/parse-exposition.ts';

/** The page of metrics in an answer; undefined where the answer is none, which metrics/scrape reports. */
export function readPage(exchange: Exchange): Exposition | undefined {
  const format = formatOf(exchange);
  return exchange.status === 200 && format !== 'protobuf'
    ? parseExposition(exchange.body, format, PAGE_LIMITS)
    : undefined;
}

/** The same page with the names that its owner gives KPIs. */
export function readOwnPage(exchange: Exchange, { metrics }: Pick<Settings, 'metrics'>): Exposition | undefined {
  const page = readPage(exchange);
  return page === undefined ? undefined : { ...page, ownAliases: aliasesOf(metrics) };
}

/** A name says nothing of the shape; the page does. */
function aliasesOf(metrics: MetricSettings): readonly KpiAlias[] {
  return Object.entries(metrics).flatMap(([kpi, named]: [string, readonly NamedMetric[]]) =>
    named.flatMap(({ name, unit, endpoint, outcome }) =>
      (['distribution', 'counter'] as const).map((shape) => ({
        kpi: kpi as Kpi,
        name,
        shape,
        unprefixed: true as const,
        ...(unit === undefined ? {} : { unit }),
        ...(endpoint === undefined ? {} : { endpointLabels: [endpoint] }),
        ...(outcome === undefined ? {} : { outcomeLabels: [outcome] }),
        library: 'the configuration',
        source: 'metrics',
      })),
    ),
  );
}

function formatOf(exchange: Exchange): ExpositionFormat | 'protobuf' {
  const verdict = judgeContentType(exchange.headers['content-type']);
  return verdict.accepted ? verdict.format : verdict.likely;
}

/** What a check says that has no page to judge. */
export function noPage(exchange: Exchange): readonly Verdict[] {
  if (isUnread(exchange)) return [unread('metrics page', exchange)];
  return [
    {
      outcome: 'not-applicable',
      subject: 'metrics page',
      message: 'There is no page of metrics to judge; metrics/scrape says why.',
      where: { request: exchange.request },
    },
  ];
}

/** Whether the answer is a page that Prometheus reads, in the one format that is not read here. */
export function isUnread(exchange: Exchange): boolean {
  return exchange.status === 200 && formatOf(exchange) === 'protobuf';
}

export function unread(subject: string, exchange: Exchange): Verdict {
  return {
    outcome: 'unknown',
    subject,
    message: 'The page came in protobuf, which is not read here; serve text to whoever asks for text.',
    observed: exchange.headers['content-type'] ?? 'no Content-Type',
    expected: 'the text format or OpenMetrics, as the Accept header asks',
    where: { request: exchange.request },
  };
}

/** What a check says of the part of a page that was too large to be kept; nothing where all of it was. */
export function notKept(page: Exposition, exchange: Exchange): readonly Verdict[] {
  if (page.samplesLeftOut === 0 && page.familiesLeftOut === 0) return [];
  return [
    {
      outcome: 'unknown',
      subject: 'rest of the metrics page',
      message:
        'The page is so large that only its beginning was judged; metrics/cardinality may say what makes it grow.',
      observed: `${page.samplesLeftOut} of ${page.sampleCount} samples left out`,
      expected: `at most ${PAGE_LIMITS.samples} samples, ${PAGE_LIMITS.samplesOfFamily} of them in one family`,
      where: { request: exchange.request },
    },
  ];
}
