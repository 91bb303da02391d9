import type { Exposition, ExpositionFormat } from './exposition.ts';
import { openExposition } from './exposition-reader.ts';
import { createKeeper } from './keep-strings.ts';
import { type ExpositionLimits, PAGE_LIMITS, UNLIMITED } from './limits.ts';

/**
 * Reads a page of metrics strictly: Prometheus' text formats 0.0.4 and 1.0.0, which are one grammar
 * (https://prometheus.io/docs/instrumenting/exposition_formats/), or OpenMetrics 1.0
 * (https://prometheus.io/docs/specs/om/open_metrics_spec/). Any text can be given: what is no page of metrics comes back as
 * faults, each with its line and column, and reading goes on with the next line.
 */
export function parseExposition(
  text: string,
  format: ExpositionFormat,
  limits: ExpositionLimits = UNLIMITED,
): Exposition {
  const reader = openExposition(format, limits, (cut) => cut);
  reader.feed(text);
  return reader.end();
}

/**
 * Reads a page as it comes, in pieces of text or of UTF-8 that are cut anywhere, in memory that is bounded by the limits and
 * not by the page. Gives what `parseExposition` gives of the whole; rejects only where `pieces` do.
 */
export async function readExposition(
  pieces: AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>,
  format: ExpositionFormat,
  limits: ExpositionLimits = PAGE_LIMITS,
): Promise<Exposition> {
  const reader = openExposition(format, limits, createKeeper());
  for await (const piece of pieces) reader.feed(piece);
  return reader.end();
}
