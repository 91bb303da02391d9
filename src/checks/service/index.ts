import type { Check } from '../../core/check.ts';
import { endpointsCheck } from './endpoints/check.ts';
import { selectsPodsCheck } from './selects-pods/check.ts';
import { targetPortCheck } from './target-port/check.ts';

export const serviceChecks: readonly Check[] = [selectsPodsCheck, targetPortCheck, endpointsCheck];
