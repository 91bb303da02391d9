import type { Check } from '../../core/check.ts';
import { asDeclaredCheck } from './as-declared/check.ts';

export const driftChecks: readonly Check[] = [asDeclaredCheck];
