import { type Exposition, labelOf, type MetricFamily, type Sample } from './exposition.ts';
import type { Kpi, KpiAlias } from './kpi-alias.ts';
import { KPI_ALIASES } from './kpi-aliases.ts';
import { readFloat } from './read-number.ts';

/** A family of the page that tells a KPI. */
export interface KpiFamily {
  readonly alias: KpiAlias;
  readonly family: MetricFamily;
  /** The name under which the number of observations is told. */
  readonly countName: string;
  /** The name of the summed durations; undefined for a counter. */
  readonly sumName: string | undefined;
  /** The label of the page that tells the endpoint. */
  readonly endpointLabel: string | undefined;
  /** The label of the page that tells errors from successes. */
  readonly outcomeLabel: string | undefined;
}

/** The families of a page that tell one of these KPIs, in the order of the aliases: the owner's own before those of libraries. */
export function findKpi(exposition: Exposition, ...kpis: readonly Kpi[]): readonly KpiFamily[] {
  const found = new Map<MetricFamily, KpiFamily>();
  for (const alias of [...(exposition.ownAliases ?? []), ...KPI_ALIASES]) {
    if (!kpis.includes(alias.kpi)) continue;
    for (const family of exposition.families)
      if (!found.has(family) && tells(family, alias)) found.set(family, describe(family, alias));
  }
  return [...found.values()];
}

/** The highest finite bound of a family's buckets; undefined where it has none. */
export function highestBound(family: MetricFamily): number | undefined {
  let highest: number | undefined;
  for (const sample of family.samples) {
    const le = labelOf(sample, 'le');
    const bound = le === undefined ? undefined : readFloat(le);
    if (bound !== undefined && Number.isFinite(bound) && bound > (highest ?? -Infinity)) highest = bound;
  }
  return highest;
}

/** A label that holds an HTTP status or class of 400 and above, or names an error, or is called so and says yes. */
export function tellsError(kpi: KpiFamily, sample: Sample): boolean {
  if (kpi.alias.kpi === 'request-errors') return true;
  const value = kpi.outcomeLabel === undefined ? undefined : labelOf(sample, kpi.outcomeLabel);
  if (value !== undefined && kpi.outcomeLabel === 'error') return !/^(?:|0|false|none|nil|<nil>)$/i.test(value);
  return value !== undefined && /^(?:[45][0-9x]{2}|[a-z_]*error[a-z_]*)$/i.test(value);
}

function tells(family: MetricFamily, alias: KpiAlias): boolean {
  const name = family.name.replaceAll('.', '_');
  const { shape } = alias;
  const distribution = family.type === 'histogram' || family.type === 'summary';
  if (shape === 'distribution') return distribution && matches(name, alias);
  if (distribution || family.type === 'gauge') return false;
  return matches(name, alias) || matches(`${name}_total`, alias);
}

/** Libraries let a service put its own prefix before their names. */
function matches(name: string, alias: KpiAlias): boolean {
  return name === alias.name || (alias.unprefixed !== true && name.endsWith(`_${alias.name}`));
}

function describe(family: MetricFamily, alias: KpiAlias): KpiFamily {
  const labels = new Set(family.samples.flatMap((sample) => sample.labels.map((label) => label.name)));
  const present = (wanted: readonly string[] | undefined) =>
    wanted?.flatMap((label) => [label, label.replaceAll('_', '.')]).find((label) => labels.has(label));
  const counter = family.samples.find((sample) => !sample.name.endsWith('_created'))?.name ?? family.name;
  return {
    alias,
    family,
    countName: alias.shape === 'counter' ? counter : `${family.name}_count`,
    sumName: alias.shape === 'counter' ? undefined : `${family.name}_sum`,
    endpointLabel: present(alias.endpointLabels),
    outcomeLabel: present(alias.outcomeLabels),
  };
}
