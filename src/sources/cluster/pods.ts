import { defineLiveFact, listedObjects } from './live-fact.ts';

/** Every pod, whoever made it: in files a pod stands for itself, in a cluster its controllers made most of them. */
export const podsFact = defineLiveFact({
  fact: 'pods',
  from: ['barePods'],
  rules: [],
  observe: async (view) => listedObjects(view, 'barePods'),
});
