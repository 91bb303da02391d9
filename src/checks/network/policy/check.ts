import type { Verdict } from '../../../core/check.ts';
import { defineCheck } from '../../../core/check.ts';
import { type Direction, policiesOn } from '../../../kubernetes/network-policies.ts';
import { playing, ROLE_FACTS, rolesOf } from '../../../kubernetes/roles.ts';
import { orNotApplicable } from '../../verdicts.ts';

const DIRECTIONS: readonly Direction[] = ['Ingress', 'Egress'];

export const networkPolicyCheck = defineCheck({
  id: 'network/policy',
  title: 'The pods of the service and of its database are isolated in both directions',
  severity: 'warning',
  why: 'Without a policy every pod of the cluster can connect to the database, and a service that was talked into fetching a URL can reach everything that the cluster can.',
  how: 'For the service and the database a NetworkPolicy of the namespace selects the labels of the pods, for Ingress and for Egress; one policy can do both, and an empty podSelector selects every pod. Without policyTypes a policy isolates Ingress, and Egress only where it has egress rules.',
  fix: 'Write a NetworkPolicy with podSelector {} and both policyTypes that lets nothing through, and one for each workload with what it needs.',
  verify: 'kubectl get networkpolicy -o yaml; kubectl exec a pod of another workload and try to connect.',
  references: [
    'https://kubernetes.io/docs/concepts/services-networking/network-policies/#the-two-sorts-of-pod-isolation',
  ],
  needs: [...ROLE_FACTS, 'networkPolicies'],
  evaluate: (facts, settings) => {
    const assignments = rolesOf(facts, settings);
    return orNotApplicable(
      [...playing('service', assignments), ...playing('database', assignments)].map((workload): Verdict => {
        const { ref: subject, locate } = workload.resource;
        const covering = DIRECTIONS.map((direction) => ({
          direction,
          policies: policiesOn(workload, direction, facts.networkPolicies).map(({ ref }) => ref),
        }));
        const open = covering.filter(({ policies }) => policies.length === 0).map(({ direction }) => direction);
        const where = locate(['spec', 'template', 'metadata', 'labels']);
        const observed = covering
          .map(({ direction, policies }) => `${direction}: ${policies.join(', ') || 'no policy'}`)
          .join('; ');
        if (open.length === 0)
          return { outcome: 'pass', subject, message: 'The pods are isolated in both directions.', where, observed };
        return {
          outcome: 'fail',
          subject,
          message: `No NetworkPolicy isolates the pods for ${open.join(' and ')}.`,
          where,
          observed,
          expected: 'a policy that selects the pods, for Ingress and for Egress',
        };
      }),
      'There is no service and no database.',
    );
  },
});
