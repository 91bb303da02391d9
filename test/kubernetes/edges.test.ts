import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Deployment, KubernetesObject, LabelSelector, PodDisruptionBudget } from '../../src/core/objects.ts';
import type { Resource } from '../../src/core/resource.ts';
import { matchesSelector, sameNamespace } from '../../src/kubernetes/label-selector.ts';
import { EDGE_FACTS, type EdgeFacts, edgesOf } from '../../src/kubernetes/references/edges.ts';

const labels = fc.dictionary(fc.constantFrom('app', 'tier', 'team'), fc.constantFrom('a', 'b'), { maxKeys: 3 });
const namespace = fc.constantFrom('one', 'two', undefined);
const expression = fc.record({
  key: fc.constantFrom('app', 'tier'),
  operator: fc.constantFrom('In', 'NotIn', 'Exists', 'DoesNotExist'),
  values: fc.subarray(['a', 'b']),
});
const selector: fc.Arbitrary<LabelSelector> = fc.record({
  matchLabels: labels,
  matchExpressions: fc.array(expression, { maxLength: 2 }),
});

function resource<T extends KubernetesObject>(object: T, nth: number): Resource<T> {
  return { object, ref: `${object.kind} ${nth}`, locate: () => ({ object: object.kind, path: '' }) };
}

const metadata = (name: string, inside: string | undefined) =>
  inside === undefined ? { name } : { name, namespace: inside };

describe('what a selector of an object leads to', () => {
  it('is found as by trying every object, however many labels lead there', () => {
    const workload = fc.record({ labels, namespace });
    const budget = fc.record({ selector, namespace });
    fc.assert(
      fc.property(fc.array(workload, { maxLength: 8 }), fc.array(budget, { maxLength: 6 }), (workloads, budgets) => {
        const deployments = workloads.map(
          (given, nth): Resource<Deployment> =>
            resource(
              {
                kind: 'Deployment',
                metadata: metadata(`d${nth}`, given.namespace),
                spec: { template: { metadata: { labels: given.labels } } },
              },
              nth,
            ),
        );
        const podDisruptionBudgets = budgets.map(
          (given, nth): Resource<PodDisruptionBudget> =>
            resource(
              {
                kind: 'PodDisruptionBudget',
                metadata: metadata(`b${nth}`, given.namespace),
                spec: { selector: given.selector },
              },
              nth,
            ),
        );
        const none = Object.fromEntries(EDGE_FACTS.map((fact) => [fact, []])) as unknown as EdgeFacts;
        const edges = edgesOf({ ...none, deployments, podDisruptionBudgets });
        expect(edges).toHaveLength(budgets.length);
        for (const [nth, { object }] of podDisruptionBudgets.entries()) {
          const wanted = object.spec?.selector;
          const isEmpty =
            Object.keys(wanted?.matchLabels ?? {}).length === 0 && (wanted?.matchExpressions ?? []).length === 0;
          const naive = deployments.some(
            (candidate) =>
              sameNamespace(candidate.object, object) &&
              matchesSelector(wanted, candidate.object.spec?.template?.metadata?.labels),
          );
          expect(edges[nth]?.found !== undefined).toBe(isEmpty || naive);
        }
      }),
    );
  });
});
