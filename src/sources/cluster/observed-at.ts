import { defineLiveFact } from './live-fact.ts';

export const observedAtFact = defineLiveFact({
  fact: 'observedAt',
  from: [],
  rules: [],
  observe: async () => ({ seen: true, value: new Date().toISOString() }),
});
