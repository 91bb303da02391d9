import type { Check } from '../../core/check.ts';
import { backupDocumentedCheck } from './documented/check.ts';
import { backupFreshCheck } from './fresh/check.ts';
import { restoreProvenCheck } from './restore-proven/check.ts';
import { backupScheduledCheck } from './scheduled/check.ts';

export const backupChecks: readonly Check[] = [
  backupScheduledCheck,
  backupDocumentedCheck,
  backupFreshCheck,
  restoreProvenCheck,
];
