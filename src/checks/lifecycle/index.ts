import type { Check } from '../../core/check.ts';
import { graceCheck } from './grace/check.ts';

export const lifecycleChecks: readonly Check[] = [graceCheck];
