import type { Verdict } from '../../../core/check.ts';
import { defineCheck } from '../../../core/check.ts';
import type { Facts } from '../../../core/facts.ts';
import { type CertificateUse, certificatesUsed } from '../../../kubernetes/edge.ts';
import { sameNamespace } from '../../../kubernetes/label-selector.ts';
import { memoizeByArray } from '../../../kubernetes/memoize.ts';
import { findByName } from '../../../kubernetes/references/by-name.ts';
import { orNotApplicable } from '../../verdicts.ts';

const NEEDS = ['ingresses', 'gateways', 'secrets', 'certificates', 'externalSecrets', 'sealedSecrets'] as const;
type SourceFacts = Pick<Facts, (typeof NEEDS)[number]>;

const ISSUING_ANNOTATIONS = ['cert-manager.io/cluster-issuer', 'cert-manager.io/issuer', 'kubernetes.io/tls-acme'];

export const certificateSourceCheck = defineCheck({
  id: 'ingress/certificate-source',
  title: 'Each certificate of the edge comes from somewhere that renews it',
  severity: 'warning',
  why: 'A Secret that somebody made by hand expires when that person is on holiday. What is written down is issued again in a new cluster, and renewed in the old one.',
  how: 'For each Secret that an Ingress or a Gateway names, the input says where it comes from: an annotation of cert-manager on the same object, a Certificate with that secretName, an ExternalSecret or SealedSecret of that name, or the Secret itself.',
  fix: 'Write a Certificate with the hosts as dnsNames and the secretName of the Ingress, or annotate the Ingress with cert-manager.io/cluster-issuer.',
  verify: 'kubectl get certificate -o wide',
  references: [
    'https://cert-manager.io/docs/usage/ingress/',
    'https://cert-manager.io/docs/usage/gateway/',
    'https://cert-manager.io/docs/usage/certificate/',
  ],
  only: ['files'],
  needs: NEEDS,
  evaluate: (facts) =>
    orNotApplicable(
      certificatesUsed(facts.ingresses, facts.gateways).map((use): Verdict => {
        const { resource, secretName, path } = use;
        const subject = `${resource.ref} Secret ${secretName}`;
        const where = resource.locate(path);
        const source = sourceOf(use, facts);
        if (source !== undefined)
          return { outcome: 'pass', subject, message: 'The certificate has a source.', where, observed: source };
        return {
          outcome: 'fail',
          subject,
          message: `Nothing says where the certificate in ${secretName} comes from, or who renews it.`,
          where,
          observed: 'no annotation of an issuer, no Certificate, no Secret of that name',
          expected: `a Certificate with secretName ${secretName}`,
        };
      }),
      'Nothing at the edge names a certificate.',
    ),
});

function sourceOf({ resource, secretName, namespace }: CertificateUse, facts: SourceFacts): string | undefined {
  const beside = { metadata: namespace === undefined ? {} : { namespace } };
  const issuing = ISSUING_ANNOTATIONS.find(
    (annotation) => (resource.object.metadata?.annotations?.[annotation] ?? '') !== '',
  );
  if (issuing !== undefined) return `${issuing} ${resource.object.metadata?.annotations?.[issuing]}`;
  const candidates = [
    ...(bySecretName(facts.certificates).get(secretName) ?? []),
    ...(byTarget(facts.externalSecrets).get(secretName) ?? []),
  ];
  const written =
    candidates.find(({ object }) => sameNamespace(object, beside)) ??
    findByName(facts.sealedSecrets, secretName, beside) ??
    findByName(facts.secrets, secretName, beside);
  return written?.ref;
}

const bySecretName = memoizeByArray((certificates: SourceFacts['certificates']) =>
  Map.groupBy(certificates, ({ object }) => object.spec?.secretName),
);
const byTarget = memoizeByArray((recipes: SourceFacts['externalSecrets']) =>
  Map.groupBy(recipes, ({ object }) => object.spec?.target?.name ?? object.metadata?.name),
);
