import type { Exchange } from '../../core/endpoint-facts.ts';
import type { Settings } from '../../core/settings.ts';
import type { Exposition } from '../../prometheus/exposition.ts';
import { findKpi } from '../../prometheus/find-kpi.ts';
import { processStart, totalOf } from '../../prometheus/series.ts';
import { readOwnPage } from '../metrics/page.ts';

/** Names under which services tell how many requests they are answering now. */
const IN_FLIGHT =
  /(?:^|_)(?:http_requests_in_?progress|http_requests_in_flight|in_flight_requests|http_server_active_requests|requests_in_progress|requests_inflight|requests_running)(?:_total)?$/;

/** Undefined where one of them is no page, or another process answered. */
export function pagesOf(
  exchanges: readonly Exchange[],
  settings: Pick<Settings, 'metrics'>,
): readonly Exposition[] | undefined {
  const pages = exchanges.map((exchange) => readOwnPage(exchange, settings));
  if (!pages.every((page) => page !== undefined)) return undefined;
  const starts = new Set(pages.map(processStart));
  return starts.size === 1 ? pages : undefined;
}

/** How many calls to a model have ended until now; undefined where no family tells it. */
export function callsCounted(page: Exposition): number | undefined {
  const [family] = findKpi(page, 'llm-duration');
  return family === undefined ? undefined : totalOf(page.families, family.countName);
}

/** How many requests are being answered; undefined where no gauge tells it. */
export function inFlight(page: Exposition): number | undefined {
  const family = page.families.find(({ name, type }) => type === 'gauge' && IN_FLIGHT.test(name));
  return family === undefined ? undefined : totalOf(page.families, family.name);
}
