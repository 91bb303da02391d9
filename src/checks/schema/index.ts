import type { Check } from '../../core/check.ts';
import { deprecatedApiCheck } from './deprecated-api/check.ts';
import { schemaNamesCheck } from './names/check.ts';
import { semanticsCheck } from './semantics/check.ts';
import { stringValuesCheck } from './string-values/check.ts';
import { schemaValidCheck } from './valid/check.ts';
import { writtenOnceCheck } from './written-once/check.ts';

export const schemaChecks: readonly Check[] = [
  stringValuesCheck,
  deprecatedApiCheck,
  schemaNamesCheck,
  schemaValidCheck,
  semanticsCheck,
  writtenOnceCheck,
];
