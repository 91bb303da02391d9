import { defineCheck, type Verdict } from '../../../core/check.ts';
import type { Secret } from '../../../core/objects.ts';
import type { Resource } from '../../../core/resource.ts';
import { findByName } from '../../../kubernetes/references/by-name.ts';
import { playing, ROLE_FACTS, rolesOf } from '../../../kubernetes/roles.ts';
import { containersOf, type WorkloadContainer } from '../../../kubernetes/workload.ts';
import { orNotApplicable } from '../../verdicts.ts';

export const requiredKeysCheck = defineCheck({
  id: 'secrets/required-keys',
  title: 'The settings that must be secret reach the service from a Secret',
  severity: 'error',
  why: 'The Deployment is where a key and its Secret meet. A setting that is forgotten there is found missing by the first user.',
  how: 'Each name in requiredSecretKeys of the configuration reaches the first container of every workload that takes traffic, by env with secretKeyRef or by envFrom with a Secret that has the key; where that Secret is not among the input, the answer is unknown. Without that list, it is enough that whatever the container takes from a Secret is taken that way.',
  fix: 'Add the variable with valueFrom.secretKeyRef, naming the Secret and the key.',
  verify: "kubectl get deployment NAME -o jsonpath='{.spec.template.spec.containers[0].env}'",
  references: [
    'https://kubernetes.io/docs/tasks/inject-data-application/distribute-credentials-secure/#define-container-environment-variables-using-secret-data',
  ],
  needs: [...ROLE_FACTS, 'secrets'],
  evaluate: (facts, settings) =>
    orNotApplicable(
      playing('service', rolesOf(facts, settings)).flatMap((workload) => {
        const main = containersOf(workload)[0];
        return main === undefined ? [] : judge(main, settings.requiredSecretKeys, facts.secrets);
      }),
      'No workload that takes traffic needs a setting from a Secret.',
    ),
});

function judge(
  container: WorkloadContainer,
  required: readonly string[],
  secrets: readonly Resource<Secret>[],
): readonly Verdict[] {
  const { subject, path, workload } = container;
  const taken = takenFromSecrets(container, secrets);
  if (required.length === 0)
    return taken.size === 0
      ? []
      : [{ outcome: 'pass', subject, message: `From Secrets it takes ${[...taken].join(', ')}.` }];
  return required.map((name): Verdict => {
    if (taken.has(name))
      return { outcome: 'pass', subject: `${subject} ${name}`, message: `${name} comes from a Secret.` };
    const index = (container.container.env ?? []).findIndex((variable) => variable.name === name);
    const unread = index === -1 ? unreadSecrets(container, secrets) : [];
    if (unread.length > 0)
      return {
        outcome: 'unknown',
        subject: `${subject} ${name}`,
        message: `It may come from ${unread.map((secret) => `the Secret ${secret}`).join(' or ')}, whose keys are not known here.`,
        where: workload.resource.locate([...path, 'envFrom']),
      };
    return {
      outcome: 'fail',
      subject: `${subject} ${name}`,
      message: `The service needs ${name} from a Secret, and does not get it from one.`,
      where: workload.resource.locate([...path, 'env', ...(index === -1 ? [] : [index])]),
      observed: index === -1 ? 'no such variable' : 'a variable that is not from a Secret',
      expected: `env ${name} with valueFrom.secretKeyRef`,
    };
  });
}

function takenFromSecrets(
  { container, workload }: WorkloadContainer,
  secrets: readonly Resource<Secret>[],
): ReadonlySet<string> {
  const single = (container.env ?? [])
    .filter(({ valueFrom }) => valueFrom?.secretKeyRef != null)
    .map(({ name = '' }) => name);
  const whole = (container.envFrom ?? []).flatMap(({ secretRef, prefix = '' }) =>
    Object.keys(findByName(secrets, secretRef?.name, workload.resource.object)?.object.data ?? {}).map(
      (key) => prefix + key,
    ),
  );
  return new Set([...single, ...whole]);
}

/** Secrets that are taken whole and are not among the input: an operator makes them, or they are kept out of git. */
function unreadSecrets(
  { container, workload }: WorkloadContainer,
  secrets: readonly Resource<Secret>[],
): readonly string[] {
  return (container.envFrom ?? []).flatMap(({ secretRef }) =>
    secretRef?.name == null || findByName(secrets, secretRef.name, workload.resource.object) !== undefined
      ? []
      : [secretRef.name],
  );
}
