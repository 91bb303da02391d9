import type { Check } from '../../core/check.ts';
import { placementObservedCheck } from './observed/check.ts';
import { spreadCheck } from './spread/check.ts';

export const placementChecks: readonly Check[] = [spreadCheck, placementObservedCheck];
