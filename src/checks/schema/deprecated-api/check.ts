import type { Verdict } from '../../../core/check.ts';
import { defineCheck } from '../../../core/check.ts';
import type { Resource } from '../../../core/resource.ts';
import { removedApi } from '../../../kubernetes/removed-apis.ts';
import { orNotApplicable } from '../../verdicts.ts';

/** The facts whose kinds have lost a version. */
const AGED_FACTS = [
  'deployments',
  'statefulSets',
  'daemonSets',
  'cronJobs',
  'ingresses',
  'ingressClasses',
  'networkPolicies',
  'podDisruptionBudgets',
  'horizontalPodAutoscalers',
] as const;

export const deprecatedApiCheck = defineCheck({
  id: 'schema/deprecated-api',
  title: 'Each object is written in an API version that is still served',
  severity: 'error',
  why: 'An object in a version that was removed cannot be applied any more: a cluster that was upgraded keeps running what it has, and the next deployment fails.',
  how: 'The apiVersion of each workload, Ingress, IngressClass, NetworkPolicy, PodDisruptionBudget, HorizontalPodAutoscaler and CronJob is compared with what Kubernetes has stopped serving up to 1.37. A live object is shown in the version that was asked for, so that a cluster passes as long as it serves them.',
  fix: 'Write the version that replaces it; kubectl convert rewrites most fields.',
  mends: 'The version that replaces it, where nothing but the version changes.',
  verify: 'kubectl api-resources; kubectl apply --dry-run=server -f FILE',
  references: ['https://kubernetes.io/docs/reference/using-api/deprecation-guide/'],
  needs: AGED_FACTS,
  evaluate: (facts) =>
    orNotApplicable(
      AGED_FACTS.flatMap((name) =>
        (facts[name] as readonly Resource[]).map((resource): Verdict => {
          const { object, ref: subject, locate } = resource;
          const removed = removedApi(object);
          const where = locate(['apiVersion']);
          const observed = `apiVersion ${object.apiVersion}`;
          if (removed === undefined)
            return { outcome: 'pass', subject, message: 'The API version is served.', where, observed };
          return {
            outcome: 'fail',
            subject,
            message: `Kubernetes ${removed.removedIn} and later do not serve ${object.kind} of ${removed.apiVersion}.`,
            where,
            observed,
            expected: `apiVersion ${removed.replacement}`,
            ...(removed.change === undefined
              ? { mend: { resource, changes: [{ do: 'set', path: ['apiVersion'], value: removed.replacement }] } }
              : { fix: `Write ${removed.replacement}; there, ${removed.change}.` }),
          };
        }),
      ),
      'There is no object of a kind that has lost a version.',
    ),
});
