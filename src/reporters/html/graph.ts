import type { GraphEdge, GraphState, ReferenceGraph } from '../../core/reference-graph.ts';
import { code, counted, text } from './escape.ts';
import { type Place, placesOf } from './layers.ts';

/** In units of the drawing. */
const [BOX_WIDTH, BOX_HEIGHT, ACROSS, DOWN] = [190, 40, 250, 54];
const LABEL_LENGTH = 25;

const STATES: Readonly<Record<GraphState, string>> = { there: 'there', missing: '✘ missing', unknown: '? unknown' };

/** The references between objects as a drawing, and as the table of the same. */
export function graphSection({ graphs = [] }: { readonly graphs?: readonly ReferenceGraph[] }): string {
  if (graphs.length === 0) return '';
  return `<section id="references" aria-labelledby="references-title">
<h2 id="references-title">What refers to what</h2>
${graphs.map(graphFigure).join('\n')}
</section>
`;
}

function graphFigure(graph: ReferenceGraph, number: number): string {
  const { title, nodes, edges, omitted } = graph;
  const broken = edges.filter(({ state }) => state === 'missing').length;
  const unknown = edges.filter(({ state }) => state === 'unknown').length;
  const counts = [
    counted(nodes.length, 'object'),
    counted(edges.length, 'reference'),
    `${broken.toLocaleString('en')} broken`,
    ...(unknown === 0 ? [] : [`${unknown.toLocaleString('en')} unknown`]),
  ].join(', ');
  const more = omitted === 0 ? '' : ` ${counted(omitted, 'further object is', 'further objects are')} not drawn.`;
  const rows = edges.map(
    ({ from, to, kind, state }) =>
      `<tr class="${state}"><th scope="row">${code(from)}</th><td>${text(kind)}</td><td>${code(to)}</td><td>${STATES[state]}</td></tr>`,
  );
  return `<h3>${text(title)}</h3>
<p>${counts}.${more}</p>
<div class="scroll figure" role="region" aria-label="References, drawn: ${text(title)}" tabindex="0">
${drawing(graph, number, `${counts}.${more} The table below tells the same.`)}
</div>
<details><summary>The same as a table</summary>
<div class="scroll" role="region" aria-label="References: ${text(title)}" tabindex="0"><table>
<caption>References, what is broken first</caption>
<thead><tr><th scope="col">Object</th><th scope="col">Does what</th><th scope="col">To which</th><th scope="col">State</th></tr></thead>
<tbody>${rows.join('\n')}</tbody></table></div></details>`;
}

function drawing(graph: ReferenceGraph, number: number, words: string): string {
  const places = placesOf(graph);
  const byRef = new Map(places.map((place) => [place.node.ref, place]));
  const width = Math.max(...places.map(({ column }) => column)) * ACROSS + BOX_WIDTH + 4;
  const height = Math.max(...places.map(({ row }) => row)) * DOWN + BOX_HEIGHT + 4;
  const lines = graph.edges.flatMap((edge) => {
    const [from, to] = [byRef.get(edge.from), byRef.get(edge.to)];
    return from === undefined || to === undefined ? [] : [line(edge, from, to)];
  });
  const head = `head-${number}`;
  return `<svg role="img" aria-labelledby="graph-${number}-title graph-${number}-words" width="${width}" height="${height}" viewBox="-2 -2 ${width} ${height}">
<title id="graph-${number}-title">What refers to what in ${text(graph.title)}</title>
<desc id="graph-${number}-words">${text(words)}</desc>
<g class="edges">${lines.join('\n')}</g>
<g id="${head}">${places.map(box).join('\n')}</g>
</svg>`;
}

/** What is broken is drawn last and has a word at its middle, so that neither colour nor dashes tell it alone. */
function line({ state, kind }: GraphEdge, from: Place, to: Place): string {
  const forward = to.column >= from.column;
  const [x1, x2] = forward
    ? [from.column * ACROSS + BOX_WIDTH, to.column * ACROSS + (to.column === from.column ? BOX_WIDTH : 0)]
    : [from.column * ACROSS, to.column * ACROSS + BOX_WIDTH];
  const [y1, y2] = [from.row * DOWN + BOX_HEIGHT / 2, to.row * DOWN + BOX_HEIGHT / 2];
  const bend = forward ? 45 : -45;
  const second = to.column === from.column ? x2 + bend : x2 - bend;
  const tip = to.column === from.column ? -6 : forward ? -6 : 6;
  const arrow =
    to.column === from.column
      ? `M${x2 + 6} ${y2 - 4}L${x2} ${y2}L${x2 + 6} ${y2 + 4}`
      : `M${x2 + tip} ${y2 - 4}L${x2} ${y2}L${x2 + tip} ${y2 + 4}`;
  const path = `<path class="${state}" d="M${x1} ${y1}C${x1 + bend} ${y1} ${second} ${y2} ${x2} ${y2}${arrow}"><title>${text(kind)}</title></path>`;
  if (state === 'there') return path;
  const [x, y] = [(x1 + 3 * x1 + 3 * bend + 3 * second + x2) / 8, (y1 + y2) / 2];
  return `${path}<text class="${state}" x="${x}" y="${y + 4}" text-anchor="middle">${state === 'missing' ? '✘' : '?'}</text>`;
}

function box({ node, column, row }: Place): string {
  const { ref, kind, role, state } = node;
  const [x, y] = [column * ACROSS, row * DOWN];
  const name = ref.slice(kind.length + 1);
  const top = [kind, ...(role === undefined ? [] : [role]), ...(state === 'there' ? [] : [state])].join(' · ');
  return `<g class="node ${state}${role === undefined ? '' : ' role'}"><title>${text(ref)}</title><rect x="${x}" y="${y}" width="${BOX_WIDTH}" height="${BOX_HEIGHT}" rx="5"/><text class="kind" x="${x + 9}" y="${y + 15}">${text(shortened(top, 32))}</text><text x="${x + 9}" y="${y + 31}">${text(shortened(name, LABEL_LENGTH))}</text></g>`;
}

function shortened(words: string, length: number): string {
  return words.length <= length ? words : `${words.slice(0, length - 1)}…`;
}
