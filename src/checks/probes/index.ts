import type { Check } from '../../core/check.ts';
import { budgetCheck } from './budget/check.ts';
import { distinctCheck } from './distinct/check.ts';
import { livenessProbeCheck } from './liveness-probe/check.ts';
import { observedCheck } from './observed/check.ts';
import { portAndPathCheck } from './port-and-path/check.ts';
import { readinessProbeCheck } from './readiness-probe/check.ts';
import { startupProbeCheck } from './startup-probe/check.ts';

export const probesChecks: readonly Check[] = [
  readinessProbeCheck,
  livenessProbeCheck,
  startupProbeCheck,
  distinctCheck,
  portAndPathCheck,
  budgetCheck,
  observedCheck,
];
