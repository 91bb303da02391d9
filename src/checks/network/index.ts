import type { Check } from '../../core/check.ts';
import { networkDatabaseCheck } from './database/check.ts';
import { networkEgressCheck } from './egress/check.ts';
import { networkPolicyCheck } from './policy/check.ts';

export const networkChecks: readonly Check[] = [networkPolicyCheck, networkEgressCheck, networkDatabaseCheck];
