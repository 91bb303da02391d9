import type { Verdict } from '../../core/check.ts';
import type { Exchange } from '../../core/endpoint-facts.ts';
import type { Settings } from '../../core/settings.ts';
import type { Exposition } from '../../prometheus/exposition.ts';
import { highestBound, type KpiFamily } from '../../prometheus/find-kpi.ts';
import { secondsIn } from '../../prometheus/kpi-alias.ts';
import { isUnread, readOwnPage, unread } from './page.ts';

/**
 * The page on which a KPI must stand, or the verdict that there is none. A KPI that no page shows is missing, so this fails
 * where other checks say that they do not apply.
 */
export function kpiPage(
  exchange: Exchange,
  kpi: string,
  settings: Pick<Settings, 'metrics'>,
): Exposition | readonly Verdict[] {
  const page = readOwnPage(exchange, settings);
  if (page !== undefined) return page;
  if (isUnread(exchange)) return [unread(kpi, exchange)];
  return [
    {
      outcome: 'fail',
      subject: kpi,
      message: `There is no page of metrics that could tell the ${kpi}; metrics/scrape says why.`,
      observed: `status ${exchange.status}`,
      expected: 'a page of metrics',
      where: { request: exchange.request },
    },
  ];
}

/** No family tells the KPI. */
export function missingKpi(kpi: string, wanted: string, exchange: Exchange, page: Exposition): Verdict {
  return {
    outcome: 'fail',
    subject: kpi,
    message: `No metric that is known tells the ${kpi}. One that appears with its first observation only is missing until then: initialise it at start. One of another name is named in the configuration, under metrics.`,
    observed: `${page.families.length} families, none of them`,
    expected: wanted,
    where: { request: exchange.request },
  };
}

/** The evidence for a family: its name, its labels and where it was recognised from. */
export function describeFamily({ family, alias }: KpiFamily): string {
  const labels = new Set(family.samples.flatMap((sample) => sample.labels.map((label) => label.name)));
  labels.delete('le');
  labels.delete('quantile');
  return `${family.type} ${family.name}{${[...labels].join(', ')}}, ${family.samples.length} samples, known from ${alias.library}`;
}

/** Buckets that end below the longest answers put all of those into +Inf, where no quantile can be told. */
export function judgeBuckets(
  kpi: string,
  families: readonly KpiFamily[],
  neededSeconds: number,
  exchange: Exchange,
): readonly Verdict[] {
  const bounds = families.flatMap(({ family, alias }) => {
    const bound = highestBound(family);
    return bound === undefined ? [] : [bound * secondsIn(alias)];
  });
  if (bounds.length === 0) return [];
  const highest = Math.max(...bounds);
  const wide = highest >= neededSeconds;
  return [
    {
      outcome: wide ? 'pass' : 'fail',
      severity: 'warning',
      subject: `${kpi} buckets`,
      message: wide
        ? 'The buckets are wide enough.'
        : `The highest bucket ends at ${highest} s: slower answers cannot be told apart.`,
      observed: `highest finite bucket ${highest} s`,
      expected: `at least ${neededSeconds} s`,
      where: { request: exchange.request },
    },
  ];
}
