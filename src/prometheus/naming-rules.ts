import type { Exposition, ExpositionFormat, MetricFamily } from './exposition.ts';
import { UNIT_ABBREVIATIONS, unitInName } from './units.ts';

/** A name or a description that the conventions of Prometheus advise against. */
export interface NamingProblem {
  /** The family as promlint names it. */
  readonly metric: string;
  /** In the words of promlint, so that both can be compared. */
  readonly text: string;
  readonly line: number;
}

type Rule = (family: MetricFamily, name: string, format: ExpositionFormat) => readonly string[];

/**
 * The nine rules of `promtool check metrics` in its words, as of client_golang 1.24
 * (https://github.com/prometheus/client_golang/tree/v1.24.1/prometheus/testutil/promlint). What it tells once for each sample or
 * unit is told once for each family.
 */
export function checkNaming(exposition: Exposition): readonly NamingProblem[] {
  return exposition.families
    .filter((family) => family.samples.length > 0)
    .flatMap((family) => {
      const metric = nameForLint(family, exposition.format);
      return RULES.flatMap((rule) => rule(family, metric, exposition.format)).map((text) => ({
        metric,
        text,
        line: family.line,
      }));
    });
}

/** OpenMetrics leaves `_total` and `_info` out of the family's name; the rules speak of the name in queries. */
function nameForLint(family: MetricFamily, format: ExpositionFormat): string {
  if (format !== 'openmetrics') return family.name;
  if (family.type === 'counter' && family.samples.some((sample) => sample.name === `${family.name}_total`))
    return `${family.name}_total`;
  return family.type === 'info' ? `${family.name}_info` : family.name;
}

const help: Rule = (family) => ((family.help ?? '') === '' ? ['no help text'] : []);

const units: Rule = (_, name) => {
  const found = unitInName(name);
  return found === undefined || found.unit === found.base
    ? []
    : [`use base unit "${found.base}" instead of "${found.unit}"`];
};

const counter: Rule = ({ type }, name) => {
  const total = name.endsWith('_total');
  if (type === 'counter') return total ? [] : ['counter metrics should have "_total" suffix'];
  return total && type !== 'untyped' ? ['non-counter metrics should not have "_total" suffix'] : [];
};

const reservedSuffixes: Rule = (family, name) => {
  const { type } = family;
  if (type === 'untyped') return [];
  const histogram = type === 'histogram' || type === 'gaugehistogram';
  const summary = type === 'summary';
  const problems: string[] = [];
  if (!histogram && name.endsWith('_bucket')) problems.push('non-histogram metrics should not have "_bucket" suffix');
  if (!histogram && !summary && name.endsWith('_count'))
    problems.push('non-histogram and non-summary metrics should not have "_count" suffix');
  if (!histogram && !summary && name.endsWith('_sum'))
    problems.push('non-histogram and non-summary metrics should not have "_sum" suffix');
  const has = (label: string) => family.samples.some((sample) => sample.labels.some((each) => each.name === label));
  if (!histogram && has('le')) problems.push('non-histogram metrics should not have "le" label');
  if (!summary && has('quantile')) problems.push('non-summary metrics should not have "quantile" label');
  return problems;
};

const typeInName: Rule = ({ type }, name) => {
  const lower = name.toLowerCase();
  if (type === 'untyped') return [];
  return lower.includes(`_${type}_`) || lower.endsWith(`_${type}`)
    ? [`metric name should not include type '${type}'`]
    : [];
};

const reservedCharacters: Rule = (_, name) => (name.includes(':') ? ["metric names should not contain ':'"] : []);

const camelCase: Rule = (family, name) => {
  const problems = CAMEL_CASE.test(name) ? ["metric names should be written in 'snake_case' not 'camelCase'"] : [];
  const labels = family.samples.some((sample) => sample.labels.some((label) => CAMEL_CASE.test(label.name)));
  return labels ? [...problems, "label names should be written in 'snake_case' not 'camelCase'"] : problems;
};

const abbreviations: Rule = (_, name) => {
  const lower = name.toLowerCase();
  const found = UNIT_ABBREVIATIONS.some((unit) => lower.includes(`_${unit}_`) || lower.endsWith(`_${unit}`));
  return found ? ['metric names should not contain abbreviated units'] : [];
};

/**
 * Labels in another order are another metric here, as they are to the linter; what Prometheus makes of them is a fault of the
 * page. Histograms and summaries are put together by their labels first, so that nothing of them stands twice.
 */
const duplicate: Rule = ({ type, samples }, _, format) => {
  if (type === 'histogram' || type === 'gaugehistogram' || type === 'summary') return [];
  const seen = new Set<string>();
  for (const { name, labels, timestamp } of samples) {
    // In OpenMetrics a series may have several points, each with its time.
    const key = JSON.stringify([name, labels, format === 'openmetrics' ? timestamp : undefined]);
    if (seen.has(key)) return ['metric not unique'];
    seen.add(key);
  }
  return [];
};

const CAMEL_CASE = /[a-z][A-Z]/;

const RULES: readonly Rule[] = [
  help,
  units,
  counter,
  reservedSuffixes,
  typeInName,
  reservedCharacters,
  camelCase,
  abbreviations,
  duplicate,
];
