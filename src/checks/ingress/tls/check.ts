import type { Verdict } from '../../../core/check.ts';
import { defineCheck } from '../../../core/check.ts';
import type { Ingress } from '../../../core/objects.ts';
import type { Resource } from '../../../core/resource.ts';
import { ruleHostsOf } from '../../../kubernetes/edge.ts';
import { coversHost } from '../../../kubernetes/host-name.ts';
import { orNotApplicable } from '../../verdicts.ts';
import { isAttached, judgeGateway, judgeStray } from './gateway.ts';

export const ingressTlsCheck = defineCheck({
  id: 'ingress/tls',
  title: 'The edge terminates TLS for every host that it serves',
  severity: 'error',
  why: 'A host that is not listed under tls is served in plain text, or with the self-signed certificate of the controller. Questions, answers and session tokens then travel in the open.',
  how: 'Every host of an Ingress rule is covered by a name under tls.hosts, where a wildcard stands for exactly one label, and that entry names a Secret; an empty list covers nothing. A Gateway has a listener with protocol HTTPS and at least one certificateRef, and a listener in plain HTTP only carries routes that redirect.',
  fix: 'List the host under spec.tls[].hosts with a secretName, or give the listener protocol HTTPS, mode Terminate and a certificateRef.',
  verify: "kubectl get ingress NAME -o jsonpath='{.spec.rules[*].host} {.spec.tls}'",
  references: [
    'https://kubernetes.io/docs/concepts/services-networking/ingress/#tls',
    'https://gateway-api.sigs.k8s.io/guides/tls/',
  ],
  needs: ['ingresses', 'gateways', 'httpRoutes'],
  evaluate: ({ ingresses, gateways, httpRoutes }) =>
    orNotApplicable(
      [
        ...ingresses.flatMap(judgeIngress),
        ...gateways.flatMap((gateway) => judgeGateway(gateway, httpRoutes)),
        ...httpRoutes.filter((route) => !isAttached(route, gateways)).map(judgeStray),
      ],
      'There is no Ingress, Gateway or HTTPRoute.',
    ),
});

function judgeIngress({ object, ref, locate }: Resource<Ingress>): readonly Verdict[] {
  const entries = object.spec?.tls ?? [];
  const listed = entries.flatMap(({ hosts }) => hosts ?? []);
  const observed = listed.length === 0 ? 'no host under tls' : `tls for ${listed.join(', ')}`;
  const hosts = ruleHostsOf(object);
  if (hosts.length === 0)
    return [
      listed.length > 0
        ? { outcome: 'pass', subject: ref, message: 'TLS is terminated.', where: locate(['spec', 'tls']), observed }
        : {
            outcome: 'fail',
            subject: ref,
            message: 'The Ingress answers for every host, and terminates TLS for none.',
            where: locate(['spec', 'tls']),
            observed,
            expected: 'a host in the rule, and the same host under tls',
          },
    ];
  return hosts.map(({ host, path }): Verdict => {
    const entry = entries.find((candidate) => (candidate.hosts ?? []).some((name) => coversHost(name, host)));
    const subject = `${ref} host ${host}`;
    if (entry === undefined)
      return {
        outcome: 'fail',
        subject,
        message: `TLS is not terminated for ${host}.`,
        where: locate(path),
        observed,
        expected: `${host} under tls.hosts`,
      };
    const index = entries.indexOf(entry);
    if (entry.secretName === undefined || entry.secretName === '')
      return {
        outcome: 'fail',
        severity: 'warning',
        subject,
        message: 'The host is listed under tls without a Secret, so the controller serves whatever certificate it has.',
        where: locate(['spec', 'tls', index, 'secretName']),
        observed: 'no secretName',
        expected: 'the name of a kubernetes.io/tls Secret',
      };
    return {
      outcome: 'pass',
      subject,
      message: 'TLS is terminated for the host.',
      where: locate(['spec', 'tls', index]),
      observed: `Secret ${entry.secretName} for ${(entry.hosts ?? []).join(', ')}`,
    };
  });
}
