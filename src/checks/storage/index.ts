import type { Check } from '../../core/check.ts';
import { boundCheck } from './bound/check.ts';
import { claimCheck } from './claim/check.ts';
import { mountedCheck } from './mounted/check.ts';
import { reclaimPolicyCheck } from './reclaim-policy/check.ts';
import { retentionCheck } from './retention/check.ts';
import { sharedWriterCheck } from './shared-writer/check.ts';
import { usedCheck } from './used/check.ts';

export const storageChecks: readonly Check[] = [
  claimCheck,
  boundCheck,
  usedCheck,
  mountedCheck,
  sharedWriterCheck,
  retentionCheck,
  reclaimPolicyCheck,
];
