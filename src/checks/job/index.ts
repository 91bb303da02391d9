import type { Check } from '../../core/check.ts';
import { jobDeadlineCheck } from './deadline/check.ts';

export const jobChecks: readonly Check[] = [jobDeadlineCheck];
