import type { Check } from '../../core/check.ts';
import { danglingCheck } from './dangling/check.ts';

export const referenceChecks: readonly Check[] = [danglingCheck];
