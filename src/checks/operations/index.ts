import type { Check } from '../../core/check.ts';
import { alertsCheck } from './alerts/check.ts';
import { dashboardCheck } from './dashboard/check.ts';
import { runbookCheck } from './runbook/check.ts';

export const operationsChecks: readonly Check[] = [alertsCheck, dashboardCheck, runbookCheck];
