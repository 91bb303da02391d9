import { describe, expect, it } from 'vitest';
import { checkStructure } from '../../src/prometheus/check-structure.ts';
import type { ExpositionFormat } from '../../src/prometheus/exposition.ts';
import { parseExposition } from '../../src/prometheus/parse-exposition.ts';
import { FAULTY_OPENMETRICS, FAULTY_TEXT, type Place } from './faulty-pages.ts';

function faultsOf(page: string, format: ExpositionFormat) {
  const exposition = parseExposition(page, format);
  return [...exposition.faults, ...checkStructure(exposition)].map(({ code, line, column }) => [code, line, column]);
}

describe('every fault', () => {
  it.each(Object.entries<Place>(FAULTY_TEXT))(
    '%s is found in the text format, at its place',
    (code, [page, line, column]) => {
      expect(faultsOf(page, 'text')).toContainEqual([code, line, column]);
    },
  );

  it.each(Object.entries(FAULTY_OPENMETRICS))(
    '%s is found in OpenMetrics, at its place',
    (code, [page, line, column]) => {
      expect(faultsOf(page, 'openmetrics')).toContainEqual([code, line, column]);
    },
  );
});
