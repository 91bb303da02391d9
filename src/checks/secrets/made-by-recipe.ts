import type { Facts } from '../../core/facts.ts';
import { sameNamespace } from '../../kubernetes/label-selector.ts';
import type { Workload } from '../../kubernetes/workload.ts';
import type { Target } from '../resolve-references.ts';

/** Objects that make an operator write a Secret. */
export const RECIPES = ['externalSecrets', 'sealedSecrets', 'certificates', 'databaseClusters'] as const;

/**
 * The Secret that a recipe of the input will make. Only a recipe in a file counts: in a cluster the operator had its time,
 * and a recipe whose Secret is not there has failed.
 */
export function madeByRecipe(
  name: string,
  { resource }: Workload,
  facts: Pick<Facts, (typeof RECIPES)[number]>,
): Target {
  const beside = ({ object, locate }: { readonly object: object; readonly locate: Workload['resource']['locate'] }) =>
    sameNamespace(object, resource.object) && 'file' in locate([]);
  if (facts.certificates.some((found) => found.object.spec?.secretName === name && beside(found)))
    return { keys: new Set(['tls.crt', 'tls.key', 'ca.crt']) };
  const external = [...facts.externalSecrets, ...facts.sealedSecrets].some((found) => {
    const { spec, metadata } = found.object;
    return (spec?.target?.name ?? spec?.template?.metadata?.name ?? metadata?.name) === name && beside(found);
  });
  // CloudNativePG writes these for every Cluster.
  const ofCluster = facts.databaseClusters.some(
    (found) =>
      ['app', 'superuser', 'ca'].some((suffix) => `${found.object.metadata?.name}-${suffix}` === name) && beside(found),
  );
  return external || ofCluster ? { keys: 'any' } : undefined;
}
