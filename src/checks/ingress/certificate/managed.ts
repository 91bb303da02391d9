import type { Verdict } from '../../../core/check.ts';
import type { Certificate } from '../../../core/objects.ts';
import type { Resource } from '../../../core/resource.ts';
import { formatHours, hoursBetween } from '../../../kubernetes/age.ts';
import type { Fault } from './faults.ts';

/** An authority that is asked over the network takes minutes; one that is busy, a little longer. */
const RENEWAL_GRACE_HOURS = 1;

/** What cert-manager says of a certificate that it keeps: whether it was issued, and whether it is renewed in time. */
export function judgeManaged(
  { object, ref: subject, locate }: Resource<Certificate>,
  observedAt: string,
): readonly Verdict[] {
  const { conditions = [], renewalTime, lastFailureTime, failedIssuanceAttempts } = object.status ?? {};
  const ready = conditions.find(({ type }) => type === 'Ready');
  const where = locate(['status', 'conditions']);
  const faults: readonly Fault[] = [
    ...(ready?.status === 'True'
      ? []
      : [
          {
            message: 'cert-manager has not issued the certificate.',
            observed: `Ready ${ready?.status ?? 'not said'}${ready?.message === undefined ? '' : ` (${ready.message})`}`,
            expected: 'Ready True',
          },
        ]),
    ...overdue(renewalTime, observedAt),
    ...(lastFailureTime === undefined
      ? []
      : [
          {
            severity: 'warning' as const,
            message: 'The last attempt of cert-manager to issue the certificate has failed.',
            observed: `failed at ${lastFailureTime}${failedIssuanceAttempts === undefined ? '' : `, ${failedIssuanceAttempts} attempts in a row`}`,
            expected: 'no failed attempt since the last one that succeeded',
            fix: `Read why: kubectl describe certificaterequest, and where the issuer is ACME the Order and its Challenges. Then let it try again: cmctl renew ${object.metadata?.name}.`,
          },
        ]),
  ];
  if (faults.length > 0) return faults.map((fault) => ({ outcome: 'fail', subject, where, ...fault }));
  return [
    {
      outcome: 'pass',
      subject,
      message: 'cert-manager keeps the certificate.',
      where,
      observed: `Ready, renewal ${renewalTime ?? 'time not said'}`,
    },
  ];
}

function overdue(renewalTime: string | undefined, observedAt: string): readonly Fault[] {
  const hoursLate = hoursBetween(renewalTime, observedAt) ?? 0;
  if (hoursLate <= RENEWAL_GRACE_HOURS) return [];
  return [
    {
      severity: 'warning',
      message: `The certificate was to be renewed ${formatHours(hoursLate)} ago, and was not.`,
      observed: `renewalTime ${renewalTime}`,
      expected: 'a renewal that comes',
      fix: 'See that cert-manager runs and that its issuer is Ready: kubectl get pods -n cert-manager; kubectl describe certificate.',
    },
  ];
}
