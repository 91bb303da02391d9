import type { Exposition, MetricFamily } from './exposition.ts';
import { findKpi } from './find-kpi.ts';
import { totalOf } from './series.ts';

/** Names under which libraries and conventions tell how many tokens a model used; a prefix before them is allowed. */
const TOKEN_FAMILIES: readonly { readonly name: string; readonly source: string }[] = [
  {
    name: 'gen_ai_client_token_usage',
    source: 'https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-metrics/#metric-gen_aiclienttokenusage',
  },
  { name: 'gen_ai_tokens', source: 'https://prometheus.io/docs/practices/instrumentation/' },
  { name: 'litellm_total_tokens_metric', source: 'https://docs.litellm.ai/docs/proxy/prometheus' },
  { name: 'litellm_total_tokens', source: 'https://docs.litellm.ai/docs/proxy/prometheus' },
  { name: 'llm_tokens', source: 'https://prometheus.io/docs/practices/instrumentation/' },
  { name: 'llm_token_usage', source: 'https://prometheus.io/docs/practices/instrumentation/' },
  { name: 'openai_tokens', source: 'https://prometheus.io/docs/practices/instrumentation/' },
];

/**
 * How many tokens were counted until now, by the first family that tells it, those that the owner of the page names before all
 * others; undefined where none does.
 */
export function tokensCounted(page: Exposition): number | undefined {
  const { families } = page;
  const [own] = findKpi(page, 'llm-tokens');
  const family =
    own?.family ??
    TOKEN_FAMILIES.flatMap(({ name }) => families.find((candidate) => isCalled(candidate, name)) ?? [])[0];
  if (family === undefined) return undefined;
  // Of a distribution of usages the sum is the number of tokens.
  if (family.type === 'histogram' || family.type === 'summary') return totalOf(families, `${family.name}_sum`);
  const [sample] = family.samples.filter((each) => !each.name.endsWith('_created'));
  return totalOf(families, sample?.name ?? family.name);
}

/** With or without the unit and the suffix of a counter, dots as underscores, behind any prefix of the service. */
function isCalled({ name, type }: MetricFamily, wanted: string): boolean {
  const plain = name
    .replaceAll('.', '_')
    .replace(/_total$/, '')
    .replace(/_tokens$/, '');
  const target = wanted.replace(/_tokens$/, '');
  return type !== 'gauge' && (plain === target || plain.endsWith(`_${target}`)) && /token/.test(name);
}
