import type { MetricsActivity } from '../../../core/endpoint-facts.ts';
import type { Exposition, Sample } from '../../../prometheus/exposition.ts';
import { findKpi, type KpiFamily, tellsError } from '../../../prometheus/find-kpi.ts';
import { type Kpi, secondsIn } from '../../../prometheus/kpi-alias.ts';
import { accumulating, processStart, processStarts, totalOf, valuesBySeries } from '../../../prometheus/series.ts';

/** What became of the page while known requests were sent. */
export interface Movement {
  /** Another process answered the second scrape: a replica, or the same one after a restart. */
  readonly otherProcess: string | undefined;
  /** Names of series that must only rise, and fell or vanished. */
  readonly fallen: readonly string[];
  /** Not one value differs between the two pages. */
  readonly frozen: boolean;
}

export function compare(before: Exposition, after: Exposition): Movement {
  const rising = accumulating(before);
  const now = accumulating(after);
  const fallen = [...rising]
    .filter(([key, sample]) => {
      const value = now.get(key)?.value;
      return value === undefined || value < sample.value;
    })
    .map(([, sample]) => sample.name);
  const started = processStart(before);
  const startedNow = processStart(after);
  let otherProcess: string | undefined;
  const [behind, behindNow] = [processStarts(before), processStarts(after)];
  if (behind.length > 1 || behindNow.length > 1) {
    const isOther = behind.toSorted().join() !== behindNow.toSorted().join();
    if (isOther)
      otherProcess = `the page tells of ${behind.length} processes and then of ${behindNow.length}, not the same ones`;
  } else if (started !== undefined && startedNow !== undefined && started !== startedNow)
    otherProcess = `process_start_time_seconds went from ${started} to ${startedNow}`;
  // Without the start time, a page on which most of the counts fell comes from somewhere else.
  else if (
    started === undefined &&
    fallen.length > 0 &&
    fallen.length * 2 > [...rising.values()].filter(({ value }) => value > 0).length
  )
    otherProcess = `${fallen.length} of ${rising.size} counts fell at once`;
  const values = valuesBySeries(before.families);
  const valuesNow = valuesBySeries(after.families);
  const frozen =
    values.size === valuesNow.size && [...values].every(([key, value]) => Object.is(valuesNow.get(key), value));
  return { otherProcess, fallen: [...new Set(fallen)], frozen };
}

/** By how much a KPI rose, told by the family that rose most: some count only a part of the requests. */
export interface Rise {
  readonly name: string;
  readonly count: number;
  /** Mean duration of the new observations in milliseconds; undefined for a counter. */
  readonly meanMs: number | undefined;
}

export function riseOf(before: Exposition, after: Exposition, ...kpis: readonly Kpi[]): Rise | undefined {
  const rises = findKpi(after, ...kpis).map((kpi): Rise => {
    const count = difference(before, after, kpi.countName);
    const sum = kpi.sumName === undefined ? 0 : difference(before, after, kpi.sumName);
    const factor = secondsIn(kpi.alias) * 1000;
    return {
      name: kpi.countName,
      count,
      meanMs: kpi.sumName === undefined || count <= 0 ? undefined : (sum / count) * factor,
    };
  });
  return rises.sort((a, b) => b.count - a.count)[0];
}

const METHOD_LABELS = ['method', 'http_method', 'http_request_method', 'http.method', 'http.request.method'];

/**
 * By how much the requests with a method rose, told by the family in which they rose most. Undefined where no family tells the
 * methods of HTTP apart, which shows in the GET requests that are sent between the scrapes.
 */
export function methodRise(before: Exposition, after: Exposition, method: string): number | undefined {
  const rises = findKpi(after, 'request-count', 'request-duration').flatMap(({ countName }) => {
    const rise = (wanted: string) => {
      const has = ({ labels }: Sample) =>
        labels.some(({ name, value }) => METHOD_LABELS.includes(name) && value.toUpperCase() === wanted);
      return totalOf(after.families, countName, has) - totalOf(before.families, countName, has);
    };
    return rise('GET') > 0 ? rise(method) : [];
  });
  return rises.length === 0 ? undefined : Math.max(...rises);
}

/** By how much the failed requests rose; undefined where nothing tells them. */
export function errorRise(before: Exposition, after: Exposition): Rise | undefined {
  const telling = findKpi(after, 'request-errors', 'request-count', 'request-duration').filter(
    (kpi) => kpi.alias.kpi === 'request-errors' || kpi.outcomeLabel !== undefined,
  );
  const rises = telling.map(
    (kpi): Rise => ({ name: kpi.countName, count: errors(after, kpi) - errors(before, kpi), meanMs: undefined }),
  );
  return rises.sort((a, b) => b.count - a.count)[0];
}

/** The slowest of the requests that were sent, as the client saw it. */
export function slowestMs(sent: MetricsActivity['sent']): number {
  return sent.reduce((max, request) => Math.max(max, request.durationMs), 0);
}

function errors(page: Exposition, kpi: KpiFamily): number {
  return totalOf(page.families, kpi.countName, (sample) => tellsError(kpi, sample));
}

function difference(before: Exposition, after: Exposition, name: string): number {
  return totalOf(after.families, name) - totalOf(before.families, name);
}
