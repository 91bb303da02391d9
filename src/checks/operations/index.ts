import type { Check } from '../../core/check.ts';
import { alertLinksCheck } from './alert-links/check.ts';
import { alertsCheck } from './alerts/check.ts';
import { dashboardCheck } from './dashboard/check.ts';
import { dashboardLoadedCheck } from './dashboard-loaded/check.ts';
import { runbookCheck } from './runbook/check.ts';

export const operationsChecks: readonly Check[] = [
  alertsCheck,
  alertLinksCheck,
  dashboardCheck,
  dashboardLoadedCheck,
  runbookCheck,
];
