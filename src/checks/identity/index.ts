import type { Check } from '../../core/check.ts';
import { rbacCheck } from './rbac/check.ts';
import { serviceAccountCheck } from './service-account/check.ts';

export const identityChecks: readonly Check[] = [serviceAccountCheck, rbacCheck];
