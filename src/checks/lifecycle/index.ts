import type { Check } from '../../core/check.ts';
import { drainConnectionsCheck } from './drain-connections/check.ts';
import { drainExitCheck } from './drain-exit/check.ts';
import { drainLivenessCheck } from './drain-liveness/check.ts';
import { drainOrderCheck } from './drain-order/check.ts';
import { drainRequestsCheck } from './drain-requests/check.ts';
import { graceCheck } from './grace/check.ts';

export const lifecycleChecks: readonly Check[] = [
  graceCheck,
  drainOrderCheck,
  drainRequestsCheck,
  drainConnectionsCheck,
  drainLivenessCheck,
  drainExitCheck,
];
