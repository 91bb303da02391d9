import type { Verdict } from '../../../core/check.ts';
import { defineCheck } from '../../../core/check.ts';
import type { Certificate, Issuer } from '../../../core/objects.ts';
import type { Resource } from '../../../core/resource.ts';
import { sameNamespace } from '../../../kubernetes/label-selector.ts';
import { orNotApplicable } from '../../verdicts.ts';

const GROUP = 'cert-manager.io';

export const ingressIssuerCheck = defineCheck({
  id: 'ingress/issuer',
  title: 'The issuer of each certificate exists and is ready',
  severity: 'error',
  why: 'A certificate that was issued once stays Ready when its issuer is long broken. Nobody notices before the day of the renewal.',
  how: `Each Certificate of cert-manager names an Issuer of its namespace, or a ClusterIssuer, that exists and has the condition Ready. An issuer of another group than ${GROUP} has a controller of its own, and is not looked into.`,
  fix: 'Read the message of the issuer: its account, its Secret or its authority cannot be used. Correct it, or name another in issuerRef.',
  verify: 'kubectl get issuers,clusterissuers; kubectl describe clusterissuer NAME',
  references: ['https://cert-manager.io/docs/concepts/issuer/', 'https://cert-manager.io/docs/troubleshooting/'],
  only: ['cluster'],
  needs: ['certificates', 'issuers'],
  evaluate: ({ certificates, issuers }) =>
    orNotApplicable(
      certificates.map((certificate) => judge(certificate, issuers)),
      'There is no Certificate of cert-manager.',
    ),
});

function judge(certificate: Resource<Certificate>, issuers: readonly Resource<Issuer>[]): Verdict {
  const { object, ref: subject, locate } = certificate;
  const { name = '', kind = 'Issuer', group = GROUP } = object.spec?.issuerRef ?? {};
  const about = { subject, where: locate(['spec', 'issuerRef', 'name']), observed: `${kind} ${name}` };
  if (group !== GROUP)
    return {
      outcome: 'not-applicable',
      ...about,
      message: `Its issuer is of ${group}, which has a controller of its own.`,
    };
  const isOfCluster = kind === 'ClusterIssuer';
  const ofKind = issuers.filter((issuer) => issuer.object.kind === kind);
  const issuer = ofKind.find(
    (each) => each.object.metadata?.name === name && (isOfCluster || sameNamespace(each.object, object)),
  );
  if (issuer === undefined && isOfCluster && ofKind.length === 0)
    return {
      outcome: 'unknown',
      ...about,
      message: 'No ClusterIssuer was seen: there is none, or they may not be listed.',
    };
  if (issuer === undefined)
    return {
      outcome: 'fail',
      ...about,
      message: 'Its issuer does not exist, so the certificate is never issued or renewed.',
      observed: `no ${kind} ${name}`,
      expected: `${kind} ${name}`,
    };
  const ready = (issuer.object.status?.conditions ?? []).find(({ type }) => type === 'Ready');
  if (ready === undefined)
    return { outcome: 'unknown', ...about, message: 'Its issuer has no conditions yet, so nothing can be said.' };
  if (ready.status !== 'True')
    return {
      outcome: 'fail',
      ...about,
      message: 'Its issuer is not ready, so the next renewal fails.',
      where: issuer.locate(['status', 'conditions']),
      observed: [`${issuer.ref} Ready ${ready.status}`, ready.reason, ready.message].filter(Boolean).join(': '),
      expected: 'Ready True',
    };
  return { outcome: 'pass', ...about, message: 'Its issuer exists and is ready.', observed: `${issuer.ref} Ready` };
}
