import type { Verdict } from '../../../core/check.ts';
import { defineCheck } from '../../../core/check.ts';
import type { CertificateShape, Gateway, Secret } from '../../../core/objects.ts';
import type { Resource } from '../../../core/resource.ts';
import { type CertificateUse, certificatesRefused, certificatesUsed } from '../../../kubernetes/edge.ts';
import { dnsNamesOf } from '../../../kubernetes/host-name.ts';
import { orNotApplicable } from '../../verdicts.ts';
import { faultsOf, missing } from './faults.ts';
import { judgeManaged } from './managed.ts';

export const ingressCertificateCheck = defineCheck({
  id: 'ingress/certificate',
  title: 'Each certificate of the edge exists, fits its key and its hosts, and has days left',
  severity: 'error',
  why: 'With a missing or unfit certificate a controller falls back to its own self-signed one, and every client breaks at once. An expired one breaks at night.',
  how: 'The Secret that an Ingress or a Gateway names exists in its namespace, has the type kubernetes.io/tls and a readable certificate whose key belongs to it; its names cover each host; it has at least certificateMinDays left at the time of the observation. It is no authority itself and may be used by servers; no key is RSA below 2048 bits and no signature made with SHA-1 or MD5, which browsers refuse. Each certificate in tls.crt is signed by the one that follows it, and none of them has ended; where there is a ca.crt that did not sign the last, that is a note. Whether the clients trust the issuer of the last one, or an intermediate is missing there, cannot be seen from the Secret, save for a certificate that is signed by itself: nobody trusts that unasked, which is a warning. Certificates of cert-manager have the condition Ready, were renewed when that was due, and their last attempt did not fail; the controller of a Gateway refuses none.',
  fix: 'Read the Certificate and its CertificateRequest: cert-manager says there why it was not issued or renewed.',
  verify:
    "kubectl get secret NAME -o jsonpath='{.data.tls\\.crt}' | base64 -d | openssl x509 -noout -dates -ext subjectAltName",
  references: [
    'https://kubernetes.io/docs/concepts/configuration/secret/#tls-secrets',
    'https://cert-manager.io/docs/usage/certificate/',
    'https://www.rfc-editor.org/rfc/rfc6125',
    'https://www.rfc-editor.org/rfc/rfc8446#section-4.4.2',
    'https://cabforum.org/working-groups/server/baseline-requirements/requirements/',
  ],
  only: ['cluster'],
  needs: ['ingresses', 'gateways', 'secrets', 'certificates', 'observedAt'],
  evaluate: (facts, settings) =>
    orNotApplicable(
      [
        ...certificatesUsed(facts.ingresses, facts.gateways).flatMap((use) =>
          judge(use, facts.secrets, facts.observedAt, settings.certificateMinDays),
        ),
        ...facts.certificates.flatMap((certificate) => judgeManaged(certificate, facts.observedAt)),
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
      observed: `${dnsNamesOf(certificate?.subjectAltNames ?? []).join(', ')} until ${certificate?.validTo}, issued by ${certificate?.issuer}${followers(certificate)}`,
    },
  ];
}

function followers(certificate: CertificateShape | undefined): string {
  const count = certificate?.chain?.length;
  return count === undefined ? '' : `, ${count === 0 ? 'no certificate follows' : `${count} more in the chain`}`;
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
