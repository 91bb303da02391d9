import type { Check } from '../../core/check.ts';
import { databaseExposedCheck } from './exposed/check.ts';
import { headlessServiceCheck } from './headless-service/check.ts';
import { databaseProbesCheck } from './probes/check.ts';
import { databaseShutdownCheck } from './shutdown/check.ts';
import { databaseStatefulsetCheck } from './statefulset/check.ts';

export const databaseChecks: readonly Check[] = [
  databaseStatefulsetCheck,
  headlessServiceCheck,
  databaseProbesCheck,
  databaseShutdownCheck,
  databaseExposedCheck,
];
