import type { Check } from '../../core/check.ts';
import { llmBudgetCheck } from './budget/check.ts';
import { llmDeadlineCheck } from './deadline/check.ts';
import { llmGpuCheck } from './gpu/check.ts';
import { llmReadinessCheck } from './readiness/check.ts';
import { llmStreamingCheck } from './streaming/check.ts';

export const llmChecks: readonly Check[] = [
  llmDeadlineCheck,
  llmStreamingCheck,
  llmBudgetCheck,
  llmReadinessCheck,
  llmGpuCheck,
];
