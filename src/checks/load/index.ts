import type { Check } from '../../core/check.ts';
import { loadErrorsCheck } from './errors/check.ts';
import { loadLatencyCheck } from './latency/check.ts';

export const loadChecks: readonly Check[] = [loadErrorsCheck, loadLatencyCheck];
