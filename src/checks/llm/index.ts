import type { Check } from '../../core/check.ts';
import { llmAnswerDeadlineCheck } from './answer-deadline/check.ts';
import { llmBudgetCheck } from './budget/check.ts';
import { llmCancelsCheck } from './cancels/check.ts';
import { llmDeadlineCheck } from './deadline/check.ts';
import { llmErrorLeakCheck } from './error-leak/check.ts';
import { llmGpuCheck } from './gpu/check.ts';
import { llmReadinessCheck } from './readiness/check.ts';
import { llmStreamingCheck } from './streaming/check.ts';
import { llmStreamsCheck } from './streams/check.ts';
import { llmTokenMetricsCheck } from './token-metrics/check.ts';

export const llmChecks: readonly Check[] = [
  llmDeadlineCheck,
  llmStreamingCheck,
  llmBudgetCheck,
  llmReadinessCheck,
  llmGpuCheck,
  llmStreamsCheck,
  llmCancelsCheck,
  llmAnswerDeadlineCheck,
  llmErrorLeakCheck,
  llmTokenMetricsCheck,
];
