import type { Check } from '../../core/check.ts';
import { outOfMemoryCheck } from './out-of-memory/check.ts';
import { requestsAndLimitsCheck } from './requests-and-limits/check.ts';

export const resourcesChecks: readonly Check[] = [requestsAndLimitsCheck, outOfMemoryCheck];
