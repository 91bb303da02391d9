import type { Check } from '../../core/check.ts';
import { httpAuthenticationCheck } from './authentication/check.ts';
import { httpCompressionCheck } from './compression/check.ts';
import { httpCookiesCheck } from './cookies/check.ts';
import { httpCrossOriginCheck } from './cross-origin/check.ts';
import { httpErrorsCheck } from './errors/check.ts';
import { httpHeadersCheck } from './headers/check.ts';
import { httpLimitsCheck } from './limits/check.ts';
import { httpVersionCheck } from './version/check.ts';

export const httpChecks: readonly Check[] = [
  httpErrorsCheck,
  httpHeadersCheck,
  httpCompressionCheck,
  httpVersionCheck,
  httpCookiesCheck,
  httpCrossOriginCheck,
  httpLimitsCheck,
  httpAuthenticationCheck,
];
