import type { Verdict } from '../../../core/check.ts';
import type { Secret } from '../../../core/objects.ts';
import { formatHours, hoursBetween } from '../../../kubernetes/age.ts';
import { coversHost, dnsNamesOf } from '../../../kubernetes/host-name.ts';
import { chainFaults } from './chain-faults.ts';
import { strengthFaults } from './strength-faults.ts';

export type Fault = Pick<Verdict, 'message' | 'observed' | 'expected' | 'severity' | 'fix'>;

export function missing(name: string): Fault {
  return {
    message: `The Secret ${name} does not exist, so the controller serves a certificate of its own.`,
    observed: 'no such Secret',
    expected: 'a Secret of type kubernetes.io/tls',
  };
}

export function faultsOf(
  secret: Secret,
  hosts: readonly string[],
  observedAt: string,
  minDays: number,
): readonly Fault[] {
  if (secret.type !== 'kubernetes.io/tls')
    return [
      {
        message: 'The Secret is not of the type for certificates.',
        observed: `type ${secret.type ?? 'Opaque'}`,
        expected: 'type kubernetes.io/tls',
      },
    ];
  const { certificate } = secret;
  if (certificate === undefined)
    return [
      {
        message: 'The Secret holds no certificate that can be read.',
        observed: `keys ${Object.keys(secret.data ?? {}).join(', ') || 'none'}`,
        expected: 'a PEM certificate in tls.crt',
      },
    ];
  const names = dnsNamesOf(certificate.subjectAltNames);
  const uncovered = hosts.filter(
    (host) => !names.some((name) => coversHost(name, host) || name.toLowerCase() === host.toLowerCase()),
  );
  const hoursLeft = hoursBetween(observedAt, certificate.validTo) ?? Number.NEGATIVE_INFINITY;
  const hoursOld = hoursBetween(certificate.validFrom, observedAt) ?? 0;
  return [
    ...(certificate.keyMatches === true
      ? []
      : [
          {
            message:
              certificate.keyMatches === false
                ? 'The private key does not belong to the certificate.'
                : 'The Secret holds no private key that can be read.',
            observed: certificate.keyMatches === false ? 'another key' : 'no readable tls.key',
            expected: 'the key of the certificate in tls.key',
          },
        ]),
    ...(uncovered.length === 0
      ? []
      : [
          {
            message: `The certificate does not cover ${uncovered.join(', ')}.`,
            observed: `names ${names.join(', ') || 'none'}`,
            expected: uncovered.join(', '),
          },
        ]),
    ...(hoursOld < 0
      ? [{ message: 'The certificate is not valid yet.', observed: certificate.validFrom, expected: observedAt }]
      : []),
    ...(hoursLeft < minDays * 24
      ? [
          {
            message:
              hoursLeft < 0 ? 'The certificate has expired.' : `The certificate expires in ${formatHours(hoursLeft)}.`,
            observed: `valid until ${certificate.validTo}`,
            expected: `at least ${minDays} days left`,
          },
        ]
      : []),
    ...strengthFaults(certificate),
    ...chainFaults(certificate, observedAt),
  ];
}
