import type { Check } from '../../core/check.ts';
import { readinessProbeCheck } from './readiness-probe/check.ts';

export const probesChecks: readonly Check[] = [readinessProbeCheck];
