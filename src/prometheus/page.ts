import type { ExpositionFormat, Label, MetricFamily, MetricType, Sample } from './exposition.ts';
import { allowsBareName, baseName, suffixesOf } from './family-names.ts';
import type { FaultList, LineFault } from './faults.ts';
import type { ExpositionLimits } from './limits.ts';

/** A family while its lines are still being read. */
export interface OpenFamily extends MetricFamily {
  type: MetricType;
  typed: boolean;
  help: string | undefined;
  unit: string | undefined;
  sampleCount: number;
  readonly samples: Sample[];
  /** Stands on the page that is kept; false for a family beyond the limit. */
  readonly kept: boolean;
}

/** Where the parser stands. */
export interface Page {
  readonly format: ExpositionFormat;
  readonly families: Map<string, OpenFamily>;
  familiesLeftOut: number;
  /** The last family that was not kept: its lines follow one another. */
  leftOut: OpenFamily | undefined;
  /** How many characters may still be kept. */
  room: number;
  readonly found: FaultList;
  readonly limits: ExpositionLimits;
  /** The sample before: mostly the next one differs from it in little, and the rest need not be cut out again. */
  nameBefore: string;
  /** Empty where the labels do not look on the page as they are. */
  labelsBefore: readonly Label[];
  /** Where the labels of a sample are gathered: a list that grows takes room for many more than most samples have. */
  readonly scratch: Label[];
  /** What is odd in the present line, and no reason to leave it out. */
  odds: LineFault[];
  /** Gives a string that can be kept without the text from which it was cut. */
  readonly keep: (cut: string) => string;
}

/** The family that a sample belongs to by its name, begun where there is none. */
export function familyOfSample(page: Page, name: string, line: number): OpenFamily {
  const exact = familyCalled(page, name);
  if (exact !== undefined && (allowsBareName(exact.type, page.format) || !exact.typed)) return exact;
  const base = baseName(name);
  const family = base === undefined ? undefined : familyCalled(page, base);
  if (family !== undefined && suffixesOf(family.type, page.format).includes(name.slice(family.name.length)))
    return family;
  return exact ?? openFamily(page, name, line);
}

export function openFamily(page: Page, name: string, line: number): OpenFamily {
  const known = familyCalled(page, name);
  if (known !== undefined) return known;
  const kept = page.families.size < page.limits.families && page.room > 0;
  const family: OpenFamily = {
    name: page.keep(name),
    type: 'untyped',
    typed: false,
    help: undefined,
    unit: undefined,
    samples: [],
    sampleCount: 0,
    line,
    kept,
  };
  if (kept) {
    page.families.set(family.name, family);
    page.room -= name.length;
  } else {
    page.leftOut = family;
    page.familiesLeftOut++;
  }
  return family;
}

function familyCalled(page: Page, name: string): OpenFamily | undefined {
  return page.families.get(name) ?? (page.leftOut?.name === name ? page.leftOut : undefined);
}
