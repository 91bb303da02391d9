import type { Check } from '../../core/check.ts';
import { ingressBackendCheck } from './backend/check.ts';
import { ingressCertificateCheck } from './certificate/check.ts';
import { certificateSourceCheck } from './certificate-source/check.ts';
import { ingressChainCheck } from './chain/check.ts';
import { ingressCiphersCheck } from './ciphers/check.ts';
import { ingressControllerCheck } from './controller/check.ts';
import { ingressHandshakeCheck } from './handshake/check.ts';
import { ingressIssuerCheck } from './issuer/check.ts';
import { ingressTlsCheck } from './tls/check.ts';

export const ingressChecks: readonly Check[] = [
  ingressControllerCheck,
  ingressTlsCheck,
  ingressCertificateCheck,
  ingressIssuerCheck,
  certificateSourceCheck,
  ingressHandshakeCheck,
  ingressChainCheck,
  ingressCiphersCheck,
  ingressBackendCheck,
];
