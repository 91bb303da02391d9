import type { ExpositionFormat, MetricFamily, MetricType, Sample } from './exposition.ts';
import { allowsBareName, baseName, suffixesOf } from './family-names.ts';
import type { FaultList } from './faults.ts';

/** A family while its lines are still being read. */
export interface OpenFamily extends MetricFamily {
  type: MetricType;
  typed: boolean;
  help: string | undefined;
  unit: string | undefined;
  readonly samples: Sample[];
}

/** Where the parser stands. */
export interface Page {
  readonly text: string;
  readonly format: ExpositionFormat;
  readonly families: Map<string, OpenFamily>;
  readonly found: FaultList;
}

/** The family that a sample belongs to by its name, begun where there is none. */
export function familyOfSample(page: Page, name: string, line: number): OpenFamily {
  const exact = page.families.get(name);
  if (exact !== undefined && (allowsBareName(exact.type, page.format) || !exact.typed)) return exact;
  const base = baseName(name);
  const family = base === undefined ? undefined : page.families.get(base);
  if (family !== undefined && suffixesOf(family.type, page.format).includes(name.slice(family.name.length)))
    return family;
  return exact ?? openFamily(page, name, line);
}

export function openFamily(page: Page, name: string, line: number): OpenFamily {
  let family = page.families.get(name);
  if (family === undefined) {
    family = { name, type: 'untyped', typed: false, help: undefined, unit: undefined, samples: [], line };
    page.families.set(name, family);
  }
  return family;
}
