import type { Check } from '../core/check.ts';
import { checksFor, wantedFacts } from '../core/run-checks.ts';
import { CLUSTER_FACTS } from '../sources/cluster/cluster-source.ts';
import { type Permission, permissionsFor } from '../sources/cluster/permissions.ts';
import { APPLICATION_FACTS } from './applications.ts';
import type { ClusterChoice } from './audit.ts';
import { type ApplicationChoice, isChosen } from './choose-applications.ts';
import type { Io } from './io.ts';

const NAME = 'qna-ready-audit';
const SHOWN_CHECKS = 4;

/** Prints the roles that an audit by these checks needs, and no more, with who would get them. Asks no cluster. */
export function printRbac(
  { namespaces, ...choice }: Pick<ClusterChoice, 'namespaces'> & ApplicationChoice,
  checks: readonly Check[],
  io: Io,
): number {
  const fed = checksFor(checks, { name: 'cluster', provides: CLUSTER_FACTS });
  const wanted = new Set([...wantedFacts(fed), ...(isChosen(choice) ? APPLICATION_FACTS : [])]);
  const permissions = permissionsFor(wanted).map((permission) => ({
    ...permission,
    checks: fed.filter(({ needs }) => needs.some((fact) => permission.facts.includes(fact))).map(({ id }) => id),
  }));
  const everywhere = namespaces === 'all';
  const cluster = permissions.filter(({ clusterWide }) => everywhere || clusterWide);
  const namespaced = permissions.filter(({ clusterWide }) => !everywhere && !clusterWide);
  const scopes = everywhere ? [] : namespaces.length === 0 ? ['default'] : namespaces;
  const home = scopes[0] ?? 'default';
  const subject = ['subjects:', '  - kind: ServiceAccount', `    name: ${NAME}`, `    namespace: ${home}`];
  const documents = [
    [
      '# What qna-ready audit needs to see, and nothing else: it lists and gets, and changes nothing.',
      '# Bind it to whoever runs the audit; take away what you do not want to be seen, and the checks that are named there',
      '# become unknown.',
      'apiVersion: v1',
      'kind: ServiceAccount',
      ...metadata(home),
      'automountServiceAccountToken: false',
    ],
    ...scopes.flatMap((namespace) =>
      namespaced.length === 0
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
          ],
    ),
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
        ...alike.map(({ resource, checks }) => `      - ${resource} # ${named(checks)}`),
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
