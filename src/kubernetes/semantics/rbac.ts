import { faultOfName } from '../names.ts';
import { at, type Faults, type Field, isSet, itemsOf, missing, refuse, textOf, unlessFine } from './field.ts';
import { faultOfSubdomain } from './text-rules.ts';

const GROUP = 'rbac.authorization.k8s.io';
const ROLES = { RoleBinding: ['Role', 'ClusterRole'], ClusterRoleBinding: ['ClusterRole'] } as const;

/** k8s.io/kubernetes/pkg/apis/rbac/validation, ValidatePolicyRule. */
export function* roleFaults(role: Field): Faults {
  for (const rule of itemsOf(at(role, 'rules'))) {
    const urls = at(rule, 'nonResourceURLs');
    const has = (field: string) => itemsOf(at(rule, field)).length > 0;
    if (!has('verbs')) yield missing(at(rule, 'verbs'), 'one verb or more');
    if (itemsOf(urls).length > 0) {
      if (textOf(at(role, 'kind')) === 'Role') yield refuse(urls, 'paths belong to no namespace', 'a ClusterRole');
      if (has('apiGroups') || has('resources') || has('resourceNames'))
        yield refuse(urls, 'a rule speaks of paths or of resources, not of both', 'two rules');
      continue;
    }
    if (!has('apiGroups')) yield missing(at(rule, 'apiGroups'), 'one group or more; "" is the core group');
    if (!has('resources')) yield missing(at(rule, 'resources'), 'one resource or more');
  }
}

/** ValidateRoleBinding and ValidateClusterRoleBinding. */
export function* bindingFaults(binding: Field): Faults {
  const kind = textOf(at(binding, 'kind')) as keyof typeof ROLES;
  const reference = at(binding, 'roleRef');
  const group = at(reference, 'apiGroup');
  // The server fills the group in where it is missing.
  if (textOf(group) !== '' && textOf(group) !== GROUP) yield refuse(group, 'roles belong to another group', GROUP);
  const allowed: readonly string[] = ROLES[kind];
  if (isSet(at(reference, 'kind')) && !allowed.includes(textOf(at(reference, 'kind'))))
    yield refuse(at(reference, 'kind'), `a ${kind} binds no such kind`, allowed.join(', '));
  const name = at(reference, 'name');
  yield* unlessFine(name, faultOfName('Role', textOf(name)), 'the name of a role');
  for (const subject of itemsOf(at(binding, 'subjects'))) yield* subjectFaults(subject, kind === 'RoleBinding');
}

/** ValidateRoleBindingSubject. */
function* subjectFaults(subject: Field, isNamespaced: boolean): Faults {
  const [name, group, space] = [at(subject, 'name'), at(subject, 'apiGroup'), at(subject, 'namespace')];
  switch (textOf(at(subject, 'kind'))) {
    case 'ServiceAccount':
      if (textOf(name) !== '') yield* unlessFine(name, faultOfSubdomain(textOf(name)), 'the name of a ServiceAccount');
      if (textOf(group) !== '') yield refuse(group, 'a ServiceAccount belongs to the core group', 'no such field');
      if (!isNamespaced && textOf(space) === '') yield missing(space, 'the namespace of the ServiceAccount');
      return;
    case 'User':
    case 'Group':
      if (textOf(group) !== '' && textOf(group) !== GROUP)
        yield refuse(group, 'users and groups belong to another group', GROUP);
      return;
    default:
      yield refuse(at(subject, 'kind'), 'there is no such kind of subject', 'ServiceAccount, User, Group');
  }
}
