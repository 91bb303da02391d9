import { defineCheck } from '../../../core/check.ts';
import type { Facts } from '../../../core/facts.ts';
import { findByName } from '../../../kubernetes/by-name.ts';
import { sameNamespace } from '../../../kubernetes/label-selector.ts';
import { WORKLOAD_FACTS, type Workload, workloadsOf } from '../../../kubernetes/workload.ts';
import { resolveReferences, type Target } from '../../resolve-references.ts';
import { orNotApplicable } from '../../verdicts.ts';

const RECIPES = ['externalSecrets', 'sealedSecrets', 'certificates'] as const;

export const secretsReferenceResolvesCheck = defineCheck({
  id: 'secrets/reference-resolves',
  title: 'Every Secret and key that a pod names exists',
  severity: 'error',
  why: 'A pod that names a Secret or a key that does not exist never starts: it waits in CreateContainerConfigError, often only at the next rollout.',
  how: 'Each secretKeyRef, envFrom, volume, projected volume and imagePullSecret is followed to a Secret of its namespace and to the key in it. In files, an ExternalSecret, a SealedSecret, a Certificate or a kustomize generator that makes the Secret counts as well. References marked optional may lead nowhere.',
  fix: 'Correct the name or the key, or create the Secret; in git, an example with empty values tells which keys there are.',
  verify: 'kubectl get secret NAME -o go-template=\'{{range $k, $v := .data}}{{$k}}{{"\\n"}}{{end}}\'',
  references: ['https://kubernetes.io/docs/concepts/configuration/secret/#using-secrets-as-environment-variables'],
  needs: [...WORKLOAD_FACTS, 'secrets', ...RECIPES],
  evaluate: (facts) =>
    orNotApplicable(
      resolveReferences('Secret', workloadsOf(facts), (name, beside) => findSecret(name, beside, facts)),
      'No workload names a Secret.',
    ),
});

function findSecret(
  name: string,
  { resource }: Workload,
  facts: Pick<Facts, 'secrets' | (typeof RECIPES)[number]>,
): Target {
  const secrets = findByName(facts.secrets, name, resource.object);
  if (secrets !== undefined) return { keys: new Set(Object.keys(secrets.object.data ?? {})) };
  const certificate = facts.certificates.find(
    ({ object }) => object.spec?.secretName === name && sameNamespace(object, resource.object),
  );
  if (certificate !== undefined) return { keys: new Set(['tls.crt', 'tls.key', 'ca.crt']) };
  const made = [...facts.externalSecrets, ...facts.sealedSecrets].some(({ object }) => {
    const target = object.spec?.target?.name ?? object.spec?.template?.metadata?.name ?? object.metadata?.name;
    return target === name && sameNamespace(object, resource.object);
  });
  return made ? { keys: 'any' } : undefined;
}
