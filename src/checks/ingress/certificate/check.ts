import type { Verdict } from '../../../core/check.ts';
import { defineCheck } from '../../../core/check.ts';
import type { Certificate, Gateway, Secret } from '../../../core/objects.ts';
import type { Resource } from '../../../core/resource.ts';
import { type CertificateUse, certificatesRefused, certificatesUsed } from '../../../kubernetes/edge.ts';
import { dnsNamesOf } from '../../../kubernetes/host-name.ts';
import { orNotApplicable } from '../../verdicts.ts';
import { faultsOf, missing } from './faults.ts';

export const ingressCertificateCheck = defineCheck({
  id: 'ingress/certificate',
  title: 'Each certificate of the edge exists, fits its key and its hosts, and has days left',
  severity: 'error',
  why: 'With a missing or unfit certificate a controller falls back to its own self-signed one, and every client breaks at once. An expired one breaks at night.',
  how: 'The Secret that an Ingress or a Gateway names exists in its namespace, has the type kubernetes.io/tls and a readable certificate whose key belongs to it; its names cover each host; it has at least certificateMinDays left at the time of the observation. Certificates of cert-manager have the condition Ready, and the controller of a Gateway refuses none.',
  fix: 'Read the Certificate and its CertificateRequest: cert-manager says there why it was not issued or renewed.',
  verify:
    "kubectl get secret NAME -o jsonpath='{.data.tls\\.crt}' | base64 -d | openssl x509 -noout -dates -ext subjectAltName",
  references: [
    'https://kubernetes.io/docs/concepts/configuration/secret/#tls-secrets',
    'https://cert-manager.io/docs/usage/certificate/',
    'https://www.rfc-editor.org/rfc/rfc6125',
  ],
  only: ['cluster'],
  needs: ['ingresses', 'gateways', 'secrets', 'certificates', 'observedAt'],
  evaluate: (facts, settings) =>
    orNotApplicable(
      [
        ...certificatesUsed(facts.ingresses, facts.gateways).flatMap((use) =>
          judge(use, facts.secrets, facts.observedAt, settings.certificateMinDays),
        ),
        ...facts.certificates.map(judgeReady),
        ...facts.gateways.flatMap(judgeRefused),
      ],
      'Nothing at the edge names a certificate.',
    ),
});

function judge(
  use: CertificateUse,
  secrets: readonly Resource<Secret>[],
  observedAt: string,
  minDays: number,
): readonly Verdict[] {
  const { resource, secretName, namespace, hosts, path } = use;
  const subject = `${resource.ref} Secret ${secretName}`;
  const secret = secrets.find(
    ({ object: { metadata } }) => metadata?.name === secretName && metadata.namespace === namespace,
  );
  if (secret === undefined && namespace !== resource.object.metadata?.namespace)
    return [
      {
        outcome: 'unknown',
        subject,
        message: `The Secret lies in the namespace ${namespace}, which was not observed.`,
        where: resource.locate(path),
      },
    ];
  const faults = secret === undefined ? [missing(secretName)] : faultsOf(secret.object, hosts, observedAt, minDays);
  const where = secret === undefined ? resource.locate(path) : secret.locate(['data', 'tls.crt']);
  if (faults.length > 0) return faults.map((fault) => ({ outcome: 'fail', subject, where, ...fault }));
  const certificate = secret?.object.certificate;
  return [
    {
      outcome: 'pass',
      subject,
      message: 'The certificate fits its hosts and has days left.',
      where,
      observed: `${dnsNamesOf(certificate?.subjectAltNames ?? []).join(', ')} until ${certificate?.validTo}, issued by ${certificate?.issuer}`,
    },
  ];
}

function judgeReady({ object, ref: subject, locate }: Resource<Certificate>): Verdict {
  const ready = (object.status?.conditions ?? []).find(({ type }) => type === 'Ready');
  const where = locate(['status', 'conditions']);
  if (ready?.status === 'True')
    return {
      outcome: 'pass',
      subject,
      message: 'cert-manager keeps the certificate.',
      where,
      observed: `Ready, renewal ${object.status?.renewalTime ?? 'time not said'}`,
    };
  return {
    outcome: 'fail',
    subject,
    message: 'cert-manager has not issued the certificate.',
    where,
    observed: `Ready ${ready?.status ?? 'not said'}${ready?.message === undefined ? '' : ` (${ready.message})`}`,
    expected: 'Ready True',
  };
}

function judgeRefused({ object, ref, locate }: Resource<Gateway>): readonly Verdict[] {
  return certificatesRefused(object).map(({ listener, reason, path }) => ({
    outcome: 'fail',
    subject: `${ref} listener ${listener}`,
    message: 'The controller refuses the certificate of the listener.',
    where: locate(path),
    observed: reason,
    expected: 'ResolvedRefs True',
  }));
}
