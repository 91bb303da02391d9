import type { Verdict } from '../../../core/check.ts';
import type { Facts } from '../../../core/facts.ts';
import type { NetworkPolicyRule, Service } from '../../../core/objects.ts';
import type { Resource } from '../../../core/resource.ts';
import { contains } from '../../../kubernetes/cidr.ts';
import { sameNamespace } from '../../../kubernetes/label-selector.ts';
import { policiesOn } from '../../../kubernetes/network-policies.ts';
import type { ROLE_FACTS } from '../../../kubernetes/roles.ts';
import { servicesBefore } from '../../../kubernetes/service-ports.ts';
import type { Workload } from '../../../kubernetes/workload.ts';
import { databaseContainer } from '../../storage/databases.ts';

type EdgeFacts = Pick<Facts, (typeof ROLE_FACTS)[number] | 'ingresses' | 'httpRoutes' | 'networkPolicies'>;

type Opening = Pick<Verdict, 'message' | 'where' | 'observed' | 'expected'>;

export function openingsOf(workload: Workload, facts: EdgeFacts): readonly Opening[] {
  const services = servicesBefore(workload, facts.services);
  return [
    ...services.flatMap(publishedBy),
    ...services.flatMap((service) => routesTo(service, facts)),
    ...ownOpenings(workload),
    ...policiesOn(workload, 'Ingress', facts.networkPolicies).flatMap(({ object, ref, locate }) =>
      (object.spec?.ingress ?? []).flatMap((rule, index) =>
        letsEverybodyIn(rule)
          ? [
              {
                message: `${ref} lets everybody in.`,
                where: locate(['spec', 'ingress', index]),
                observed: JSON.stringify(rule),
                expected: 'a rule that names the pods that may connect',
              },
            ]
          : [],
      ),
    ),
  ];
}

function publishedBy({ object, ref, locate }: Resource<Service>): readonly Opening[] {
  const type = object.spec?.type ?? 'ClusterIP';
  if (type === 'ClusterIP') return [];
  return [
    {
      message: `${ref} publishes the database outside the cluster.`,
      where: locate(['spec', 'type']),
      observed: `type ${type}`,
      expected: 'type ClusterIP',
    },
  ];
}

function routesTo({ object: service }: Resource<Service>, { ingresses, httpRoutes }: EdgeFacts): readonly Opening[] {
  const name = service.metadata?.name;
  const leads = [
    ...ingresses.filter(({ object }) => {
      const backends = [
        object.spec?.defaultBackend,
        ...(object.spec?.rules ?? []).flatMap(({ http }) => (http?.paths ?? []).map(({ backend }) => backend)),
      ];
      return sameNamespace(object, service) && backends.some((backend) => backend?.service?.name === name);
    }),
    ...httpRoutes.filter(
      ({ object }) =>
        sameNamespace(object, service) &&
        (object.spec?.rules ?? []).some(({ backendRefs }) => (backendRefs ?? []).some((ref) => ref.name === name)),
    ),
  ];
  return leads.map(({ ref, locate }) => ({
    message: `${ref} leads to the database.`,
    where: locate(['spec']),
    observed: `a backend ${name}`,
    expected: 'no route to the database',
  }));
}

function ownOpenings(workload: Workload): readonly Opening[] {
  const found = databaseContainer(workload);
  const trusting = (found?.container.env ?? []).findIndex(
    ({ name, value }) => name === 'POSTGRES_HOST_AUTH_METHOD' && value === 'trust',
  );
  return [
    ...(workload.spec.hostNetwork === true
      ? [
          {
            message: 'The database listens on the network of its node.',
            where: workload.resource.locate([...workload.specPath, 'hostNetwork']),
            observed: 'hostNetwork true',
            expected: 'no hostNetwork',
          },
        ]
      : []),
    ...(found !== undefined && trusting >= 0
      ? [
          {
            message: 'The database lets in whoever connects, without a password.',
            where: workload.resource.locate([...found.path, 'env', trusting]),
            observed: 'POSTGRES_HOST_AUTH_METHOD trust',
            expected: 'scram-sha-256, which is the default',
          },
        ]
      : []),
  ];
}

function letsEverybodyIn({ from }: NetworkPolicyRule): boolean {
  if ((from ?? []).length === 0) return true;
  return (from ?? []).some(
    ({ ipBlock }) => contains(ipBlock?.cidr ?? '', '0.0.0.0/0') || contains(ipBlock?.cidr ?? '', '::/0'),
  );
}
