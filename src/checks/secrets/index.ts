import type { Check } from '../../core/check.ts';
import { committedSecretCheck } from './committed-secret/check.ts';
import { credentialInConfigmapCheck } from './credential-in-configmap/check.ts';
import { credentialInEnvCheck } from './credential-in-env/check.ts';
import { credentialInImageCheck } from './credential-in-image/check.ts';
import { expiringCheck } from './expiring/check.ts';
import { filledValuesCheck } from './filled-values/check.ts';
import { secretsReferenceResolvesCheck } from './reference-resolves/check.ts';
import { requiredKeysCheck } from './required-keys/check.ts';

export const secretsChecks: readonly Check[] = [
  credentialInEnvCheck,
  credentialInConfigmapCheck,
  credentialInImageCheck,
  committedSecretCheck,
  secretsReferenceResolvesCheck,
  requiredKeysCheck,
  filledValuesCheck,
  expiringCheck,
];
