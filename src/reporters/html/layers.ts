import type { GraphNode, ReferenceGraph } from '../../core/reference-graph.ts';

/** Where a node is drawn: its column from the edge of the cluster to what is named, and its place in it. */
export interface Place {
  readonly node: GraphNode;
  readonly column: number;
  readonly row: number;
}

const LAYERS: readonly (readonly string[])[] = [
  ['Gateway'],
  ['Ingress', 'HTTPRoute', 'ServiceMonitor', 'PodMonitor'],
  ['Service', 'PodDisruptionBudget', 'HorizontalPodAutoscaler', 'NetworkPolicy'],
  ['Deployment', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob', 'Pod', 'pods', 'targets', 'port'],
];
const SWEEPS = 4;

/** Puts every node into the layer of its kind, and those of a layer near what they hang together with. */
export function placesOf({ nodes, edges }: ReferenceGraph): readonly Place[] {
  const columns = [...Map.groupBy(nodes, layerOf)].toSorted(([a], [b]) => a - b).map(([, own]) => [...own]);
  const neighbours = new Map<string, string[]>(nodes.map(({ ref }) => [ref, []]));
  for (const { from, to } of edges) {
    neighbours.get(from)?.push(to);
    neighbours.get(to)?.push(from);
  }
  const height = new Map<string, number>();
  const settle = (column: readonly GraphNode[]) => {
    for (const [row, { ref }] of column.entries()) height.set(ref, (row + 0.5) / column.length);
  };
  for (const column of columns) settle(column);
  for (let sweep = 0; sweep < SWEEPS; sweep++)
    for (const column of sweep % 2 === 0 ? columns : columns.toReversed()) {
      const wanted = new Map(column.map(({ ref }) => [ref, middleOf(ref)]));
      column.sort((a, b) => (wanted.get(a.ref) ?? 0) - (wanted.get(b.ref) ?? 0) || a.ref.localeCompare(b.ref));
      settle(column);
    }
  const most = Math.max(0, ...columns.map(({ length }) => length));
  return columns.flatMap((own, column) =>
    own.map((node, row) => ({ node, column, row: row + (most - own.length) / 2 })),
  );

  function middleOf(ref: string): number {
    const around = neighbours.get(ref) ?? [];
    const sum = around.reduce((total, other) => total + (height.get(other) ?? 0), 0);
    return around.length === 0 ? (height.get(ref) ?? 0) : sum / around.length;
  }
}

function layerOf({ kind }: GraphNode): number {
  const found = LAYERS.findIndex((kinds) => kinds.includes(kind));
  return found === -1 ? LAYERS.length : found;
}
