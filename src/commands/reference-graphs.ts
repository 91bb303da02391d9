import type { Snapshot } from '../core/facts.ts';
import type { GraphEdge, GraphNode, ReferenceGraph } from '../core/reference-graph.ts';
import type { Report, ReportRole } from '../core/report.ts';
import { viewOf } from '../kubernetes/scope/scope-facts.ts';
import { type ReferenceLink, referenceLinksOf } from './reference-links.ts';

/** What a person can take in, and a page can draw. */
const MOST_NODES = 60;

/**
 * The references between the objects around what plays a part in the service, for each snapshot that has objects. What is broken
 * comes first, then what lies nearest; the others are counted. Of chosen applications it is what hangs together with them.
 */
export function referenceGraphsOf(
  snapshots: readonly Snapshot[],
  { roles, applications = [] }: Pick<Report, 'roles' | 'applications'>,
  chosen: boolean,
): readonly ReferenceGraph[] {
  const subjects = applications.flatMap((application) => application.subjects);
  return snapshots.flatMap((snapshot) => {
    if (snapshot.source === 'endpoint') return [];
    const own = roles.filter(({ source }) => source === snapshot.source);
    const links = referenceLinksOf(snapshot, viewOf(snapshot));
    const graph = boundedGraph(
      links,
      Map.groupBy(own, ({ subject }) => subject),
      subjects,
      chosen,
    );
    return graph.nodes.length === 0 ? [] : [{ title: `${snapshot.source} ${snapshot.target}`, ...graph }];
  });
}

function boundedGraph(
  links: readonly ReferenceLink[],
  roles: ReadonlyMap<string, readonly ReportRole[]>,
  subjects: readonly string[],
  chosen: boolean,
): Omit<ReferenceGraph, 'title'> {
  const edges = links.map(({ from, to, kind, state }) => ({ from: from.ref, to: nameOf(to), kind, state }));
  const nodes = new Map<string, GraphNode>();
  for (const { from, to, state } of links) {
    nodes.set(from.ref, nodeOf(from.ref, 'there', roles));
    // A workload that is there can be missed by a selector.
    const known = nodes.get(nameOf(to));
    if (known?.state !== 'there')
      nodes.set(nameOf(to), nodeOf(nameOf(to), typeof to === 'string' ? state : 'there', roles));
  }
  const shown = nearest(edges, nodes, [...roles.keys(), ...subjects], chosen);
  const within = edges.filter(({ from, to }) => shown.has(from) && shown.has(to));
  return {
    nodes: [...nodes.values()].filter(({ ref }) => shown.has(ref)),
    edges: within.toSorted((a, b) => Number(a.state === 'there') - Number(b.state === 'there')),
    omitted: nodes.size - shown.size,
  };
}

/** The nodes to draw: from the middle outwards, at each step what is broken before what is whole. */
function nearest(
  edges: readonly GraphEdge[],
  nodes: ReadonlyMap<string, GraphNode>,
  middle: readonly string[],
  chosen: boolean,
): ReadonlySet<string> {
  const touching = new Map<string, GraphEdge[]>();
  for (const edge of edges)
    for (const end of [edge.from, edge.to]) {
      const known = touching.get(end);
      if (known === undefined) touching.set(end, [edge]);
      else known.push(edge);
    }
  const broken = edges.filter(({ state }) => state !== 'there').map(({ from }) => from);
  const shown = new Set<string>();
  // A set hands out what is added while it is walked: neighbours of neighbours come in the end.
  for (const starts of chosen ? [new Set(middle)] : [new Set(middle), new Set(broken), new Set(nodes.keys())])
    for (const ref of starts) {
      if (shown.size >= MOST_NODES) return shown;
      if (!nodes.has(ref)) continue;
      shown.add(ref);
      const around = (touching.get(ref) ?? []).toSorted(
        (a, b) => Number(a.state === 'there') - Number(b.state === 'there'),
      );
      for (const { from, to } of around) starts.add(from === ref ? to : from);
    }
  return shown;
}

function nameOf(to: ReferenceLink['to']): string {
  return typeof to === 'string' ? to : to.ref;
}

function nodeOf(ref: string, state: GraphNode['state'], roles: ReadonlyMap<string, readonly ReportRole[]>): GraphNode {
  const parts = new Set((roles.get(ref) ?? []).map(({ role }) => role));
  return { ref, kind: ref.split(' ')[0] ?? '', ...(parts.size === 0 ? {} : { role: [...parts].join(', ') }), state };
}
