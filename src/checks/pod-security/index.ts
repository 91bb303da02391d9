import type { Check } from '../../core/check.ts';
import { namespaceCheck } from './namespace/check.ts';
import { readOnlyRootCheck } from './read-only-root/check.ts';
import { restrictedCheck } from './restricted/check.ts';

export const podSecurityChecks: readonly Check[] = [restrictedCheck, readOnlyRootCheck, namespaceCheck];
