import { defineLiveFact, listedObjects } from './live-fact.ts';

/** Two digests can mean one image where they were pulled for two architectures, so what differs is judged beside these. */
export const nodeArchitecturesFact = defineLiveFact({
  fact: 'nodeArchitectures',
  from: [],
  enrichedBy: ['nodes'],
  rules: [],
  async observe(view) {
    const nodes = listedObjects(view, 'nodes');
    const known = (nodes.seen ? nodes.value : []).flatMap(({ object: { metadata } }) => {
      const architecture = metadata?.labels?.['kubernetes.io/arch'];
      return metadata?.name === undefined || architecture === undefined ? [] : [[metadata.name, architecture] as const];
    });
    return { seen: true, value: Object.fromEntries(known) };
  },
});
