import { defineCheck } from '../../../core/check.ts';
import { findByName } from '../../../kubernetes/references/by-name.ts';
import { WORKLOAD_FACTS, workloadsOf } from '../../../kubernetes/workload.ts';
import { resolveReferences } from '../../resolve-references.ts';
import { orNotApplicable } from '../../verdicts.ts';

export const configReferenceResolvesCheck = defineCheck({
  id: 'config/reference-resolves',
  title: 'Every ConfigMap and key that a pod names exists',
  severity: 'error',
  why: 'A pod that names a ConfigMap or a key that does not exist never starts, often only at the next rollout.',
  how: 'Each configMapKeyRef, envFrom, volume and projected volume is followed to a ConfigMap of its namespace and to the key in it; what a kustomize generator makes counts. References marked optional may lead nowhere. The ConfigMap that the cluster puts into every namespace exists without being written.',
  fix: 'Correct the name or the key, or create the ConfigMap.',
  verify: "kubectl get configmap NAME -o jsonpath='{.data}'",
  references: ['https://kubernetes.io/docs/concepts/configuration/configmap/#using-configmaps'],
  needs: [...WORKLOAD_FACTS, 'configMaps'],
  evaluate: (facts) =>
    orNotApplicable(
      resolveReferences('ConfigMap', workloadsOf(facts), (name, { resource }) => {
        const found = findByName(facts.configMaps, name, resource.object)?.object;
        if (found !== undefined)
          return { keys: new Set([...Object.keys(found.data ?? {}), ...Object.keys(found.binaryData ?? {})]) };
        return name === 'kube-root-ca.crt' ? { keys: new Set(['ca.crt']) } : undefined;
      }),
      'No workload names a ConfigMap.',
    ),
});
