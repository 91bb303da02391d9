import type { Severity, Verdict } from '../../../core/check.ts';
import { defineCheck } from '../../../core/check.ts';
import type { Facts } from '../../../core/facts.ts';
import type { PolicyRule, Role, RoleBinding } from '../../../core/objects.ts';
import type { Resource } from '../../../core/resource.ts';
import { sameNamespace } from '../../../kubernetes/label-selector.ts';
import { memoizeByArray } from '../../../kubernetes/memoize.ts';
import { workloadsNear } from '../../../kubernetes/near.ts';
import { ROLE_FACTS, rolesOf } from '../../../kubernetes/roles.ts';
import type { Workload } from '../../../kubernetes/workload.ts';
import { orNotApplicable } from '../../verdicts.ts';

const NEEDS = [...ROLE_FACTS, 'roles', 'roleBindings'] as const;
type Needs = Pick<Facts, (typeof NEEDS)[number]>;
type Fault = Pick<Verdict, 'message' | 'observed' | 'severity'>;

/** Roles that every cluster has, and that give more than a service that answers questions can need. */
const TOO_MUCH = new Set(['cluster-admin', 'admin', 'edit']);
/** Those that everybody is in, whatever the namespace. */
const EVERYBODY = /^system:(?:authenticated|unauthenticated|anonymous|serviceaccounts)$/;
/** The group of all ServiceAccounts of one namespace. */
const NEIGHBOURS = /^system:serviceaccounts:(.+)$/;
/** What the API server itself writes, and writes again when it is changed. */
const OF_THE_SERVER = { 'kubernetes.io/bootstrapping': 'rbac-defaults' };
/** Rights with which whoever has them gives himself any other. */
const ESCALATING = new Set(['escalate', 'bind', 'impersonate']);
const READING = new Set(['get', 'list', 'watch', '*']);

export const rbacCheck = defineCheck({
  id: 'identity/rbac',
  title: 'The service may do at the API server what it needs, and nothing that leads further',
  severity: 'error',
  why: 'Whoever makes the service run a line of code has its rights. A wildcard, the list of all Secrets or the right to start pods makes of one fault in a library the loss of the cluster.',
  how: 'Each RoleBinding and ClusterRoleBinding that grants to the ServiceAccount of the service, its database or its backup, to the default ServiceAccount or to a group that everybody is in is followed to its role. The role has no wildcard in verbs, resources or apiGroups, reads no Secret that is not named in resourceNames, may not escalate, bind or impersonate, and starts nothing in pods (exec, attach) nor pods themselves, which is a warning. The roles cluster-admin, admin and edit fail; a role that is not in the input is unknown. A grant to everybody or to the default ServiceAccount beside the service fails whatever it grants; those that the API server writes itself are left out.',
  fix: 'Write a Role with the resources, the names and the verbs that are used, and bind it to a ServiceAccount of its own.',
  verify: 'kubectl auth can-i --list --as=system:serviceaccount:NAMESPACE:NAME',
  references: [
    'https://kubernetes.io/docs/concepts/security/rbac-good-practices/',
    'https://kubernetes.io/docs/reference/access-authn-authz/rbac/#privilege-escalation-prevention-and-bootstrapping',
  ],
  needs: NEEDS,
  evaluate: (facts, settings) => {
    const accounts = accountsOf(rolesOf(facts, settings).map(({ workload }) => workload));
    return orNotApplicable(
      facts.roleBindings.flatMap((binding) => judge(binding, accounts, facts)),
      'No RoleBinding grants anything to the service, its database or its backup.',
    );
  },
});

/** The ServiceAccounts that somebody runs as. */
interface Accounts {
  /** The workloads that run as one of this name, in whatever namespace. */
  readonly named: ReadonlyMap<string, readonly Workload[]>;
  readonly workloads: readonly Workload[];
}

function accountsOf(workloads: readonly Workload[]): Accounts {
  return { named: Map.groupBy(workloads, ({ spec }) => spec.serviceAccountName || 'default'), workloads };
}

function judge(binding: Resource<RoleBinding>, accounts: Accounts, { roles }: Needs): readonly Verdict[] {
  const { object, ref: subject, locate } = binding;
  const labels = object.metadata?.labels ?? {};
  if (Object.entries(OF_THE_SERVER).some(([key, value]) => labels[key] === value)) return [];
  const { kind = 'Role', name = '' } = object.roleRef ?? {};
  const verdicts = (object.subjects ?? []).flatMap((grantee, index): readonly Verdict[] => {
    if (!isShared(grantee, accounts, object)) return [];
    return [
      {
        outcome: 'fail',
        subject,
        message: 'It grants to more than one workload.',
        where: locate(['subjects', index]),
        observed: `${grantee.kind} ${grantee.name}`,
        expected: 'a ServiceAccount of its own',
      },
    ];
  });
  const isOurs = (object.subjects ?? []).some(
    (grantee) =>
      grantee.kind === 'ServiceAccount' &&
      isAnyIn(namespaceOf(grantee, object), accounts.named.get(grantee.name ?? '') ?? []),
  );
  if (!isOurs && verdicts.length === 0) return [];
  const role = (rolesNamed(roles).get(`${kind} ${name}`) ?? []).find(
    (candidate) => kind === 'ClusterRole' || sameNamespace(candidate.object, object),
  );
  const where = locate(['roleRef', 'name']);
  const granted = `${kind} ${name}`;
  if (role === undefined)
    return [
      ...verdicts,
      TOO_MUCH.has(name)
        ? {
            outcome: 'fail',
            subject,
            message: `The role ${name} gives nearly everything.`,
            where,
            observed: granted,
            expected: 'a Role with what is used',
          }
        : kind === 'ClusterRole' && name === 'view'
          ? { outcome: 'pass', subject, message: 'It may read, and no Secrets.', where, observed: granted }
          : { outcome: 'unknown', subject, message: `The ${granted} is not in the input.`, where, observed: granted },
    ];
  const faults = faultsOf(role);
  if (faults.length > 0) return [...verdicts, ...faults];
  return [
    ...verdicts,
    { outcome: 'pass', subject, message: 'It grants nothing that leads further.', where, observed: granted },
  ];
}

type Grantee = NonNullable<RoleBinding['subjects']>[number];

/** Whether somebody has the rights who did not ask for them, one of ours among them. */
function isShared(grantee: Grantee, { workloads }: Accounts, binding: RoleBinding): boolean {
  const { kind, name = '' } = grantee;
  if (kind === 'ServiceAccount') return name === 'default' && isAnyIn(namespaceOf(grantee, binding), workloads);
  if (EVERYBODY.test(name)) return true;
  const neighbours = NEIGHBOURS.exec(name)?.[1];
  return neighbours !== undefined && isAnyIn(neighbours, workloads);
}

function namespaceOf({ namespace }: Grantee, binding: RoleBinding): string | undefined {
  return namespace ?? binding.metadata?.namespace;
}

function isAnyIn(namespace: string | undefined, workloads: readonly Workload[]): boolean {
  const beside = namespace === undefined ? {} : { metadata: { namespace } };
  return workloadsNear(workloads, beside).some(({ resource }) => sameNamespace(resource.object, beside));
}

const rolesNamed = memoizeByArray((roles: Needs['roles']) =>
  Map.groupBy(roles, ({ object }) => `${object.kind} ${object.metadata?.name}`),
);

function faultsOf({ object, ref: subject, locate }: Resource<Role>): readonly Verdict[] {
  return (object.rules ?? []).flatMap((rule, index) => {
    const fault = faultOf(rule);
    if (fault === undefined) return [];
    return [
      {
        outcome: 'fail' as const,
        subject,
        where: locate(['rules', index]),
        expected: 'the resources, names and verbs that are used',
        ...fault,
      },
    ];
  });
}

function faultOf({ apiGroups = [], resources = [], resourceNames = [], verbs = [] }: PolicyRule): Fault | undefined {
  const told = (message: string, severity: Severity, observed: string): Fault => ({ message, severity, observed });
  const wildcard = (
    [
      ['verbs', verbs],
      ['resources', resources],
      ['apiGroups', apiGroups],
    ] as const
  ).find(([, values]) => values.includes('*'));
  if (wildcard !== undefined) return told('A wildcard grants what nobody has thought of.', 'error', `${wildcard[0]} *`);
  const escalating = verbs.find((verb) => ESCALATING.has(verb));
  if (escalating !== undefined) return told('Whoever may do this may do anything.', 'error', `the verb ${escalating}`);
  const reading = verbs.find((verb) => READING.has(verb));
  if (resources.includes('secrets') && reading !== undefined && resourceNames.length === 0)
    return told('It reads every Secret of the namespace.', 'error', `${reading} secrets, without resourceNames`);
  const running = resources.find((resource) => /^pods(?:\/(?:exec|attach|ephemeralcontainers))?$/.test(resource));
  const starting = verbs.find((verb) => verb === 'create' || verb === 'update' || verb === 'patch');
  if (running !== undefined && starting !== undefined)
    return told('It runs what it wants, with the rights of any ServiceAccount.', 'warning', `${starting} ${running}`);
  return undefined;
}
