import { expect, it } from 'vitest';
import { KIND_FACTS, kindOf, LIVE_KINDS } from '../../src/kubernetes/kinds.ts';
import { OBJECT_FACTS } from '../../src/kubernetes/object-facts.ts';
import { removedApi } from '../../src/kubernetes/removed-apis.ts';

it('names every kind that people write, and no other', () => {
  const written = KIND_FACTS.filter((fact) => !LIVE_KINDS.includes(fact as never));
  expect([...OBJECT_FACTS].sort()).toEqual([...written].sort());
});

it('sees an object of a removed version as the kind that it is', () => {
  const ingress = { apiVersion: 'extensions/v1beta1', kind: 'Ingress' };
  expect(kindOf(ingress)?.fact).toBe('ingresses');
  expect(removedApi(ingress)?.replacement).toBe('networking.k8s.io/v1');
  expect(kindOf({ apiVersion: 'extensions/v1beta1', kind: 'Service' })).toBeUndefined();
});
