import type { Check } from '../../core/check.ts';
import { configReferenceResolvesCheck } from './reference-resolves/check.ts';
import { restartOnChangeCheck } from './restart-on-change/check.ts';
import { startsFromEnvCheck } from './starts-from-env/check.ts';

export const configChecks: readonly Check[] = [configReferenceResolvesCheck, restartOnChangeCheck, startsFromEnvCheck];
