import type { Check } from '../../core/check.ts';
import { disruptionBudgetCheck } from './budget/check.ts';

export const disruptionChecks: readonly Check[] = [disruptionBudgetCheck];
