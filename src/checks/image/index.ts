import type { Check } from '../../core/check.ts';
import { pinnedCheck } from './pinned/check.ts';

export const imageChecks: readonly Check[] = [pinnedCheck];
