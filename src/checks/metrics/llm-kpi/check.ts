import { defineCheck } from '../../../core/check.ts';
import { findKpi } from '../../../prometheus/find-kpi.ts';
import { describeFamily, judgeBuckets, kpiPage, missingKpi } from '../judge-kpi.ts';

const KPI = 'latency of LLM calls';

export const metricsLlmKpiCheck = defineCheck({
  id: 'metrics/llm-kpi',
  title: 'The latency of LLM calls is told',
  severity: 'error',
  why: 'The model is the slowest and least reliable part of the service, and it belongs to somebody else. Without its latency on a graph nobody can say whether an incident is ours or theirs.',
  how: 'On the page after some requests, a histogram or summary of LLM call durations is looked for under the names of OpenTelemetry GenAI, Spring AI, LiteLLM and common spellings. Its highest bucket should reach the longest answer that the settings allow.',
  fix: 'Record gen_ai_client_operation_duration_seconds around each call with the provider and the model as labels, with the buckets that OpenTelemetry recommends, and initialise it at start.',
  verify: 'Run curl -s http://HOST/metrics | grep -iE "gen_ai|llm" before and after a question.',
  references: [
    'https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-metrics/',
    'https://prometheus.io/docs/practices/instrumentation/#avoid-missing-metrics',
  ],
  needs: ['metricsActivity'],
  evaluate: ({ metricsActivity: { after } }, settings) => {
    const page = kpiPage(after, KPI, settings);
    if (!('families' in page)) return page;
    const families = findKpi(page, 'llm-duration');
    const [first] = families;
    const expected = 'a histogram such as gen_ai_client_operation_duration_seconds';
    if (first === undefined) return [missingKpi(KPI, expected, after, page)];
    return [
      {
        outcome: 'pass',
        subject: KPI,
        message: `${first.family.name} tells it.`,
        observed: describeFamily(first),
        expected,
        where: { request: after.request },
      },
      ...judgeBuckets(KPI, families, settings.longestAnswerSeconds, after),
    ];
  },
});
