import { defineCheck, type Verdict } from '../../../core/check.ts';
import { findByName } from '../../../kubernetes/by-name.ts';
import { referencesOf } from '../../../kubernetes/references.ts';
import { WORKLOAD_FACTS, workloadsOf } from '../../../kubernetes/workload.ts';
import { orNotApplicable } from '../../verdicts.ts';

export const filledValuesCheck = defineCheck({
  id: 'secrets/filled-values',
  title: 'Every secret that a pod takes by its key is filled',
  severity: 'error',
  why: 'A key that is empty, or still says changeme, passes every check of names and fails with the first request; a well-known password is no password.',
  how: 'Each key that a pod names is looked at in the Secret of the cluster. Only whether it is empty, a placeholder or filled is kept; the value itself never leaves the place where it is read.',
  fix: 'Fill the key: kubectl create secret generic NAME --from-literal=KEY=… --dry-run=client -o yaml | kubectl apply -f -; then restart the workload.',
  verify: "kubectl get secret NAME -o jsonpath='{.data.KEY}' | base64 -d | wc -c",
  references: ['https://kubernetes.io/docs/concepts/configuration/secret/'],
  needs: [...WORKLOAD_FACTS, 'secrets'],
  only: ['cluster'],
  evaluate: (facts) => {
    const named = new Map<string, Verdict>();
    for (const workload of workloadsOf(facts))
      for (const { kind, name, key } of referencesOf(workload)) {
        if (kind !== 'Secret' || key === undefined) continue;
        const secret = findByName(facts.secrets, name, workload.resource.object);
        const shape = secret?.object.data?.[key];
        if (secret === undefined || shape === undefined) continue;
        const subject = `${secret.ref} key ${key}`;
        named.set(
          subject,
          shape === 'filled'
            ? { outcome: 'pass', subject, message: 'The key is filled.' }
            : {
                outcome: 'fail',
                subject,
                message: shape === 'empty' ? 'The key is empty.' : 'The key holds a placeholder.',
                where: secret.locate(['data', key]),
                observed: shape,
                expected: 'a value of its own',
              },
        );
      }
    return orNotApplicable([...named.values()], 'No workload takes a key of a Secret.');
  },
});
