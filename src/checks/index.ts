import type { Check } from '../core/check.ts';
import { backupChecks } from './backup/index.ts';
import { databaseChecks } from './database/index.ts';
import { ingressChecks } from './ingress/index.ts';
import { probesChecks } from './probes/index.ts';
import { serviceChecks } from './service/index.ts';
import { storageChecks } from './storage/index.ts';

/** Every check, in the order of the review. */
export const CHECKS: readonly Check[] = [
  ...probesChecks,
  ...storageChecks,
  ...databaseChecks,
  ...backupChecks,
  ...ingressChecks,
  ...serviceChecks,
];
