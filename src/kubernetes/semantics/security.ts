import { at, type Faults, type Field, isSet, isTrue, outside, refuse, textOf, unlessFine } from './field.ts';
import { faultOfDescendingPath } from './text-rules.ts';

const MAX_ID = 2 ** 31 - 1;

/** k8s.io/kubernetes/pkg/apis/core/validation: ValidateSecurityContext, and what a pod's context shares with it. */
export function* securityFaults(context: Field, ownsUsers = false): Faults {
  if (!isSet(context)) return;
  for (const id of ['runAsUser', 'runAsGroup', 'fsGroup']) yield* outside(at(context, id), 0, MAX_ID);
  const seccomp = at(context, 'seccompProfile');
  if (isSet(seccomp)) {
    const profile = at(seccomp, 'localhostProfile');
    if (textOf(at(seccomp, 'type')) === 'Localhost') {
      if (!isSet(profile)) yield refuse(profile, 'localhostProfile is missing', 'the file of the profile');
      else yield* unlessFine(profile, faultOfDescendingPath(textOf(profile)), 'a relative path');
    } else if (isSet(profile))
      yield refuse(profile, 'a profile file is only read for the type Localhost', 'no such field');
  }
  const procMount = at(context, 'procMount');
  if (textOf(procMount) === 'Unmasked' && !ownsUsers)
    yield refuse(procMount, 'the pod shares the users of its node', 'hostUsers false, or Default');
  if (at(context, 'allowPrivilegeEscalation').value === false && isTrue(at(context, 'privileged')))
    yield refuse(context, 'privileged is true and allowPrivilegeEscalation is false', 'one or the other');
}
