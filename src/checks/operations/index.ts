import type { Check } from '../../core/check.ts';
import { alertsCheck } from './alerts/check.ts';
import { runbookCheck } from './runbook/check.ts';

export const operationsChecks: readonly Check[] = [alertsCheck, runbookCheck];
