import type { Check } from '../../core/check.ts';
import { metricsCardinalityCheck } from './cardinality/check.ts';
import { metricsConcurrentCheck } from './concurrent/check.ts';
import { metricsErrorKpiCheck } from './error-kpi/check.ts';
import { metricsFormatCheck } from './format/check.ts';
import { metricsInClusterCheck } from './in-cluster/check.ts';
import { metricsLatencyAgreesCheck } from './latency-agrees/check.ts';
import { metricsLlmKpiCheck } from './llm-kpi/check.ts';
import { metricsMovesCheck } from './moves/check.ts';
import { metricsNamingCheck } from './naming/check.ts';
import { metricsRequestKpiCheck } from './request-kpi/check.ts';
import { metricsScrapeCheck } from './scrape/check.ts';
import { scrapedCheck } from './scraped/check.ts';
import { metricsToolKpiCheck } from './tool-kpi/check.ts';

export const metricsChecks: readonly Check[] = [
  metricsScrapeCheck,
  metricsFormatCheck,
  metricsNamingCheck,
  metricsRequestKpiCheck,
  metricsErrorKpiCheck,
  metricsLlmKpiCheck,
  metricsToolKpiCheck,
  metricsMovesCheck,
  metricsCardinalityCheck,
  metricsConcurrentCheck,
  metricsLatencyAgreesCheck,
  scrapedCheck,
  metricsInClusterCheck,
];
