import type { Check } from '../core/check.ts';
import { checksFor } from '../core/run-checks.ts';
import { CLUSTER_FACTS } from '../sources/cluster/cluster-source.ts';
import { type DeclaredPermission, declaredPermissions } from '../sources/cluster/drift/declared-permissions.ts';
import { type Permission, permissionsFor } from '../sources/cluster/permissions.ts';
import { createKeyedHash } from '../sources/keyed-hash.ts';
import { declarationsOf } from './against.ts';
import type { AuditOptions } from './audit.ts';
import type { ApplicationChoice } from './choose-applications.ts';
import type { Io } from './io.ts';
import { factsFor } from './judge.ts';
import { withoutDrift } from './observe-clusters.ts';

const NAME = 'qna-ready-audit';
const SHOWN_CHECKS = 4;

/** Prints the roles that an audit by these checks needs, and no more, with who would get them. Asks no cluster. */
export async function printRbac(
  { namespaces, against, watch, ...choice }: Pick<AuditOptions, 'namespaces' | 'against' | 'watch'> & ApplicationChoice,
  checks: readonly Check[],
  io: Io,
): Promise<number> {
  const fed = checksFor(against === undefined ? withoutDrift(checks) : checks, {
    name: 'cluster',
    provides: CLUSTER_FACTS,
  });
  const wanted = factsFor({ provides: CLUSTER_FACTS }, fed, choice);
  const everywhere = namespaces === 'all';
  const listed = everywhere ? [] : namespaces.length === 0 ? ['default'] : namespaces;
  const home = listed[0] ?? 'default';
  const declared: readonly DeclaredPermission[] =
    against === undefined || !wanted.has('drift')
      ? []
      : declaredPermissions(
          (await declarationsOf(against, io).read(createKeyedHash(), { namespace: home })).objects,
          home,
        );
  const explain = <T extends Permission>(permission: T): T & Explained => ({
    ...permission,
    verbs: (everywhere ? permission.verbsEverywhere : undefined) ?? permission.verbs,
    checks: fed
      .filter(({ needs }) =>
        needs.some((fact) => permission.facts.includes(fact) || permission.enriches.includes(fact)),
      )
      .map(({ id }) => id),
  });
  const permissions = permissionsFor(wanted, watch).map(explain);
  const compared = declared.map(explain);
  const cluster = [
    ...permissions.filter(({ clusterWide }) => everywhere || clusterWide),
    ...once(compared.filter(({ clusterWide }) => everywhere || clusterWide)),
  ];
  const rulesIn = (namespace: string) => [
    ...(listed.includes(namespace) ? permissions.filter(({ clusterWide }) => !clusterWide) : []),
    ...compared.filter((permission) => permission.namespace === namespace),
  ];
  const scopes = everywhere ? [] : [...new Set([...listed, ...compared.flatMap(({ namespace }) => namespace ?? [])])];
  const subject = ['subjects:', '  - kind: ServiceAccount', `    name: ${NAME}`, `    namespace: ${home}`];
  const documents = [
    [
      `# What qna-ready audit${watch ? ' --watch' : ''} needs to see, and nothing else: it lists${watch ? ', watches' : ''} and gets, and changes nothing.`,
      ...(compared.some(({ verbs }) => verbs.includes('patch')) ? DRY_RUNS : []),
      '# Bind it to whoever runs the audit; take away what you do not want to be seen, and the checks that are named there',
      '# become unknown.',
      'apiVersion: v1',
      'kind: ServiceAccount',
      ...metadata(home),
      'automountServiceAccountToken: false',
    ],
    ...scopes.flatMap((namespace) => {
      const namespaced = rulesIn(namespace);
      return namespaced.length === 0
        ? []
        : [
            ['apiVersion: rbac.authorization.k8s.io/v1', 'kind: Role', ...metadata(namespace), ...rules(namespaced)],
            [
              'apiVersion: rbac.authorization.k8s.io/v1',
              'kind: RoleBinding',
              ...metadata(namespace),
              ...roleRef('Role'),
              ...subject,
            ],
          ];
    }),
    ...(cluster.length === 0
      ? []
      : [
          ['apiVersion: rbac.authorization.k8s.io/v1', 'kind: ClusterRole', ...metadata(), ...rules(cluster)],
          [
            'apiVersion: rbac.authorization.k8s.io/v1',
            'kind: ClusterRoleBinding',
            ...metadata(),
            ...roleRef('ClusterRole'),
            ...subject,
          ],
        ]),
  ];
  io.stdout.write(`${documents.map((lines) => lines.join('\n')).join('\n---\n')}\n`);
  return 0;
}

const DRY_RUNS = [
  '# The right to patch is used for dry runs alone (dryRun=All); no role can say so. Without it, objects are compared with',
  '# the files field by field.',
];

/** In a ClusterRole, what is wanted in several namespaces is written once. */
function once(permissions: readonly (DeclaredPermission & Explained)[]): readonly Explained[] {
  const merged = new Map(
    permissions.map(({ namespace: _namespace, ...permission }) => [JSON.stringify(permission), permission]),
  );
  return [...merged.values()];
}

function metadata(namespace?: string): readonly string[] {
  return ['metadata:', `  name: ${NAME}`, ...(namespace === undefined ? [] : [`  namespace: ${namespace}`])];
}

function roleRef(kind: 'Role' | 'ClusterRole'): readonly string[] {
  return ['roleRef:', '  apiGroup: rbac.authorization.k8s.io', `  kind: ${kind}`, `  name: ${NAME}`];
}

interface Explained extends Permission {
  readonly checks: readonly string[];
}

/** One rule for what is allowed alike, and beside each resource the checks that it is for. */
function rules(permissions: readonly Explained[]): readonly string[] {
  const groups = Map.groupBy(permissions, ({ group, verbs }) => JSON.stringify([group, verbs]));
  return [
    'rules:',
    ...[...groups.values()].flatMap((alike) => {
      const [first] = alike;
      if (first === undefined) return [];
      return [
        `  - apiGroups: ["${first.group}"]`,
        '    resources:',
        ...alike.flatMap(({ resource, checks, caution }) => [
          ...(caution === undefined ? [] : [`      # ${caution}`]),
          `      - ${resource} # ${named(checks)}`,
        ]),
        `    verbs: [${first.verbs.join(', ')}]`,
      ];
    }),
  ];
}

function named(checks: readonly string[]): string {
  if (checks.length === 0) return 'what belongs to an application';
  const more = checks.length - SHOWN_CHECKS;
  return more <= 0 ? checks.join(', ') : `${checks.slice(0, SHOWN_CHECKS).join(', ')} and ${more} more`;
}
