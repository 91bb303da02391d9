import type { Verdict } from '../../../core/check.ts';
import { defineCheck } from '../../../core/check.ts';
import type { NetworkPolicy } from '../../../core/objects.ts';
import type { Resource } from '../../../core/resource.ts';
import { sameNamespace } from '../../../kubernetes/label-selector.ts';
import { workloadsNear } from '../../../kubernetes/near.ts';
import { type Passage, passage } from '../../../kubernetes/network-peers.ts';
import { playing, ROLE_FACTS, rolesOf } from '../../../kubernetes/roles.ts';
import { containersOf, type Workload } from '../../../kubernetes/workload.ts';
import { orNotApplicable } from '../../verdicts.ts';

const POSTGRES_PORT = 5432;

export const networkDatabaseCheck = defineCheck({
  id: 'network/database',
  title: 'The policies let the service and the backup reach the database',
  severity: 'error',
  why: 'A policy that forgets a client of the database breaks nothing until a connection is opened anew: the pods go on for hours, and the first restart takes the service down. A backup that is shut out fails at night.',
  how: 'For the service and for the backup, the policies that isolate its pods for Egress let it out to the database of its namespace, and those that isolate the database for Ingress let it in, on the port of the database. Named ports are resolved on the database; rules that depend on addresses, or on labels of a namespace, are unknown.',
  fix: 'Give the policy of the database a rule with a podSelector that matches the labels of the client, and the policy of the client one that matches those of the database.',
  verify:
    "kubectl exec deployment/NAME -- node -e \"require('net').connect(5432, 'DATABASE').on('connect', process.exit)\"",
  references: ['https://kubernetes.io/docs/concepts/services-networking/network-policies/'],
  needs: [...ROLE_FACTS, 'networkPolicies'],
  evaluate: (facts, settings) => {
    const assignments = rolesOf(facts, settings);
    const databases = playing('database', assignments);
    return orNotApplicable(
      [...playing('service', assignments), ...playing('backup', assignments)].flatMap((client) => {
        const near = workloadsNear(databases, client.resource.object).filter(({ resource }) =>
          sameNamespace(resource.object, client.resource.object),
        );
        return near.length === 0 ? [] : [judge(client, near, facts.networkPolicies)];
      }),
      'Nothing in the namespace of a database speaks with it.',
    );
  },
});

/** Which of several databases a client uses is not known, so the one that it reaches best is taken. */
function judge(
  client: Workload,
  databases: readonly Workload[],
  policies: readonly Resource<NetworkPolicy>[],
): Verdict {
  const RANK = { yes: 0, perhaps: 1, no: 2 } as const;
  const ways = databases
    .map((database) => wayTo(database, client, policies))
    .sort((a, b) => RANK[a.passes] - RANK[b.passes]);
  const { database, port, passes, blocked } = ways[0] as (typeof ways)[number];
  const { ref: subject, locate } = client.resource;
  const target = `${database.resource.ref} on port ${port}`;
  const [policy] = blocked?.isolating ?? [];
  const end = blocked?.direction === 'Egress' ? 'out' : 'in';
  if (passes === 'yes')
    return {
      outcome: 'pass',
      subject,
      message: 'No policy stands between it and the database.',
      where: locate(['spec', 'template', 'metadata', 'labels']),
      observed: `reaches ${target}`,
    };
  const names = (blocked?.isolating ?? []).map(({ ref }) => ref).join(', ');
  return {
    outcome: passes === 'perhaps' ? 'unknown' : 'fail',
    subject,
    message:
      passes === 'perhaps'
        ? `Whether a rule lets it ${end} to the database depends on addresses or on labels of the namespace.`
        : `No rule lets it ${end} to ${target}.`,
    where: policy?.locate(['spec', blocked?.direction === 'Egress' ? 'egress' : 'ingress']) ?? locate([]),
    observed: `${blocked?.direction} is isolated by ${names}`,
    expected: `a rule for ${target}`,
  };
}

function wayTo(database: Workload, client: Workload, policies: readonly Resource<NetworkPolicy>[]) {
  const port = portOf(database);
  const ends = (['Egress', 'Ingress'] as const).map((direction) => ({
    direction,
    ...passage(direction, client, database, port, policies),
  }));
  const blocked = ends.find(({ passes }) => passes === 'no') ?? ends.find(({ passes }) => passes === 'perhaps');
  const passes: Passage['passes'] = blocked?.passes ?? 'yes';
  return { database, port, passes, blocked };
}

function portOf(database: Workload): number {
  const declared = containersOf(database)
    .filter(({ role }) => role === 'main')
    .flatMap(({ container }) => container.ports ?? [])
    .flatMap(({ containerPort }) => (typeof containerPort === 'number' ? [containerPort] : []));
  return declared.includes(POSTGRES_PORT) ? POSTGRES_PORT : (declared[0] ?? POSTGRES_PORT);
}
