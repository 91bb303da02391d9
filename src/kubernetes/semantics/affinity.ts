import { topologyKeyFaults } from './container.ts';
import { at, type Faults, type Field, isSet, itemsOf, missing, outside } from './field.ts';
import { nodeExpressionFaults, selectorFaults } from './labels.ts';

const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution';
const PREFERRED = 'preferredDuringSchedulingIgnoredDuringExecution';

/** k8s.io/kubernetes/pkg/apis/core/validation, validateAffinity. */
export function* affinityFaults(affinity: Field): Faults {
  const required = at(affinity, 'nodeAffinity', REQUIRED);
  if (isSet(required)) {
    const terms = at(required, 'nodeSelectorTerms');
    if (itemsOf(terms).length === 0) yield missing(terms, 'one term or more');
    for (const term of itemsOf(terms)) yield* nodeTermFaults(term);
  }
  for (const preference of itemsOf(at(affinity, 'nodeAffinity', PREFERRED))) {
    yield* outside(at(preference, 'weight'), 1, 100);
    yield* nodeTermFaults(at(preference, 'preference'));
  }
  for (const kind of ['podAffinity', 'podAntiAffinity']) {
    for (const term of itemsOf(at(affinity, kind, REQUIRED))) yield* podTermFaults(term);
    for (const preference of itemsOf(at(affinity, kind, PREFERRED))) {
      yield* outside(at(preference, 'weight'), 1, 100);
      yield* podTermFaults(at(preference, 'podAffinityTerm'));
    }
  }
}

function* nodeTermFaults(term: Field): Faults {
  for (const list of ['matchExpressions', 'matchFields'])
    for (const expression of itemsOf(at(term, list))) yield* nodeExpressionFaults(expression);
}

function* podTermFaults(term: Field): Faults {
  yield* selectorFaults(at(term, 'labelSelector'));
  yield* selectorFaults(at(term, 'namespaceSelector'));
  yield* topologyKeyFaults(at(term, 'topologyKey'));
}
