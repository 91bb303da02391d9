import type { Check } from '../../core/check.ts';
import { pinnedCheck } from './pinned/check.ts';
import { pullPolicyCheck } from './pull-policy/check.ts';
import { registryCheck } from './registry/check.ts';
import { runningCheck } from './running/check.ts';

export const imageChecks: readonly Check[] = [pinnedCheck, pullPolicyCheck, registryCheck, runningCheck];
