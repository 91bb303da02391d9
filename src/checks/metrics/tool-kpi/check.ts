import { defineCheck } from '../../../core/check.ts';
import { findKpi } from '../../../prometheus/find-kpi.ts';
import { describeFamily, kpiPage, missingKpi } from '../judge-kpi.ts';

const KPI = 'number of tool calls';

export const metricsToolKpiCheck = defineCheck({
  id: 'metrics/tool-kpi',
  title: 'The number of tool calls is told',
  severity: 'error',
  why: 'A model that calls tools in a circle costs money and time while every request still succeeds. The number of tool calls is where that shows.',
  how: 'On the page after some requests, a counter of tool calls, or a histogram whose count is one, is looked for under the names of OpenTelemetry GenAI, Spring AI and common spellings.',
  fix: 'Count gen_ai_tool_calls_total with the tool and the outcome as labels, and initialise the series of each known tool to 0.',
  verify: 'Run curl -s http://HOST/metrics | grep -i tool before and after a question that needs a tool.',
  references: [
    'https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-metrics/',
    'https://prometheus.io/docs/practices/instrumentation/#avoid-missing-metrics',
  ],
  needs: ['metricsActivity'],
  evaluate: ({ metricsActivity: { after } }, settings) => {
    const page = kpiPage(after, KPI, settings);
    if (!('families' in page)) return page;
    const [first] = findKpi(page, 'tool-calls');
    const expected = 'gen_ai_tool_calls_total or gen_ai_execute_tool_duration_seconds';
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
    ];
  },
});
