import type { Check } from '../../core/check.ts';
import { portExposedCheck } from './exposed/check.ts';
import { notTerminatingTlsCheck } from './not-terminating-tls/check.ts';
import { portSingleSourceCheck } from './single-source/check.ts';

export const portChecks: readonly Check[] = [portSingleSourceCheck, portExposedCheck, notTerminatingTlsCheck];
