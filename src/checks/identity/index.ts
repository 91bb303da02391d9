import type { Check } from '../../core/check.ts';
import { serviceAccountCheck } from './service-account/check.ts';

export const identityChecks: readonly Check[] = [serviceAccountCheck];
