import { defineCheck } from '../../../core/check.ts';
import type { Facts } from '../../../core/facts.ts';
import { findByName } from '../../../kubernetes/references/by-name.ts';
import { WORKLOAD_FACTS, type Workload, workloadsOf } from '../../../kubernetes/workload.ts';
import { resolveReferences, type Target } from '../../resolve-references.ts';
import { orNotApplicable } from '../../verdicts.ts';
import { madeByRecipe, RECIPES } from '../made-by-recipe.ts';

export const secretsReferenceResolvesCheck = defineCheck({
  id: 'secrets/reference-resolves',
  title: 'Every Secret and key that a pod names exists',
  severity: 'error',
  why: 'A pod that names a Secret or a key that does not exist never starts: it waits in CreateContainerConfigError, often only at the next rollout.',
  how: 'Each secretKeyRef, envFrom, volume, projected volume and imagePullSecret is followed to a Secret of its namespace and to the key in it. In files, an ExternalSecret, a SealedSecret, a Certificate, a CloudNativePG Cluster or a kustomize generator that makes the Secret counts as well; in a cluster only the Secret itself does. References marked optional may lead nowhere.',
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

function findSecret(name: string, beside: Workload, facts: Pick<Facts, 'secrets' | (typeof RECIPES)[number]>): Target {
  const secret = findByName(facts.secrets, name, beside.resource.object)?.object;
  if (secret === undefined) return madeByRecipe(name, beside, facts);
  // The keys of a token are written by the controller, so a manifest does not have them.
  if (secret.type === 'kubernetes.io/service-account-token')
    return { keys: new Set(['token', 'ca.crt', 'namespace', ...Object.keys(secret.data ?? {})]) };
  return { keys: new Set(Object.keys(secret.data ?? {})) };
}
