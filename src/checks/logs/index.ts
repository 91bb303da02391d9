import type { Check } from '../../core/check.ts';
import { logsCorrelatedCheck } from './correlated/check.ts';
import { logsFieldsCheck } from './fields/check.ts';
import { logsLevelsCheck } from './levels/check.ts';
import { logsLineSizeCheck } from './line-size/check.ts';
import { logsSecretFreeCheck } from './secret-free/check.ts';
import { logsStructuredCheck } from './structured/check.ts';

export const logsChecks: readonly Check[] = [
  logsStructuredCheck,
  logsSecretFreeCheck,
  logsCorrelatedCheck,
  logsLevelsCheck,
  logsFieldsCheck,
  logsLineSizeCheck,
];
