import { defineCheck, type Verdict } from '../../../core/check.ts';
import type { Secret } from '../../../core/objects.ts';
import type { Resource } from '../../../core/resource.ts';
import { findByName } from '../../../kubernetes/references/by-name.ts';
import { referencesOf } from '../../../kubernetes/references/settings.ts';
import { WORKLOAD_FACTS, workloadsOf } from '../../../kubernetes/workload.ts';
import { orNotApplicable } from '../../verdicts.ts';

export const filledValuesCheck = defineCheck({
  id: 'secrets/filled-values',
  title: 'Every secret that a pod takes by its key is filled',
  severity: 'error',
  why: 'A key that is empty, or still says changeme, passes every check of names and fails with the first request; a well-known password is no password.',
  how: 'Each key that a pod names, and each key of a Secret that it takes whole by envFrom, is looked at in the Secret of the cluster. Only whether it is empty, a placeholder or filled is kept; the value itself never leaves the place where it is read.',
  fix: 'Fill the key: kubectl create secret generic NAME --from-literal=KEY=… --dry-run=client -o yaml | kubectl apply -f -; then restart the workload.',
  verify: "kubectl get secret NAME -o jsonpath='{.data.KEY}' | base64 -d | wc -c",
  references: ['https://kubernetes.io/docs/concepts/configuration/secret/'],
  needs: [...WORKLOAD_FACTS, 'secrets'],
  only: ['cluster'],
  evaluate: (facts) => {
    const named = new Map<string, Verdict>();
    for (const workload of workloadsOf(facts))
      for (const { kind, name, key, path } of referencesOf(workload)) {
        const secret = kind === 'Secret' ? findByName(facts.secrets, name, workload.resource.object) : undefined;
        if (secret === undefined) continue;
        // envFrom takes every key; a volume or a pull secret takes them as files, which may well be empty.
        const keys =
          key === undefined ? (path.includes('envFrom') ? Object.keys(secret.object.data ?? {}) : []) : [key];
        for (const verdict of keys.flatMap((taken) => judge(secret, taken))) named.set(verdict.subject, verdict);
      }
    return orNotApplicable([...named.values()], 'No workload takes a key of a Secret.');
  },
});

function judge(secret: Resource<Secret>, key: string): readonly Verdict[] {
  const shape = secret.object.data?.[key];
  if (shape === undefined) return [];
  const subject = `${secret.ref} key ${key}`;
  const where = secret.locate(['data', key]);
  if (shape === 'filled') return [{ outcome: 'pass', subject, message: 'The key is filled.', where }];
  return [
    {
      outcome: 'fail',
      subject,
      message: shape === 'empty' ? 'The key is empty.' : 'The key holds a placeholder.',
      where,
      observed: shape,
      expected: 'a value of its own',
    },
  ];
}
