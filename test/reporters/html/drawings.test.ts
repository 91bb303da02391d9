import { Ajv } from 'ajv';
import ajvFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import schema from '../../../schemas/report-v1.schema.json' with { type: 'json' };
import type { GraphEdge, GraphNode } from '../../../src/core/reference-graph.ts';
import { graphSection } from '../../../src/reporters/html/graph.ts';
import { placesOf } from '../../../src/reporters/html/layers.ts';
import { timelineSection } from '../../../src/reporters/html/timeline.ts';
import { EMPTY_REPORT } from '../reports.ts';
import { wholeReport } from './page-reports.ts';

const node = (ref: string, state: GraphNode['state'] = 'there'): GraphNode => ({
  ref,
  kind: ref.split(' ')[0] ?? '',
  state,
});
const edge = (from: string, to: string, state: GraphEdge['state'] = 'there'): GraphEdge => ({
  from,
  to,
  kind: 'reads',
  state,
});

it('references and times are admitted by the published schema of the report', () => {
  const ajv = new Ajv({ strict: false });
  ajvFormats.default(ajv);
  const { $schema, graphs, timelines } = wholeReport('plain');
  const validate = ajv.compile(schema);
  expect(validate({ ...EMPTY_REPORT, $schema, graphs, timelines })).toBe(true);
  expect(validate({ ...EMPTY_REPORT, graphs: [{ title: 'x' }] })).toBe(false);
});

describe('the references, drawn', () => {
  const graph = {
    title: 'files k8s',
    nodes: [
      node('Secret qna', 'missing'),
      node('ConfigMap qna'),
      node('Deployment qna'),
      node('Service qna'),
      node('Ingress qna'),
      node('Widget qna'),
    ],
    edges: [
      edge('Deployment qna', 'Secret qna', 'missing'),
      edge('Deployment qna', 'ConfigMap qna', 'unknown'),
      edge('Service qna', 'Deployment qna'),
      edge('Ingress qna', 'Service qna'),
      edge('Deployment qna', 'Widget qna'),
    ],
    omitted: 1,
  };

  it('run from the edge of the cluster over Services and workloads to what these name', () => {
    const columns = new Map(placesOf(graph).map(({ node: { ref }, column }) => [ref, column]));
    expect(
      ['Ingress', 'Service', 'Deployment', 'Secret', 'ConfigMap', 'Widget'].map((kind) => columns.get(`${kind} qna`)),
    ).toEqual([0, 1, 2, 3, 3, 3]);
  });

  it('put no two objects onto one place', () => {
    const places = placesOf(graph).map(({ column, row }) => `${column} ${row}`);
    expect(new Set(places).size).toBe(graph.nodes.length);
  });

  it('have each reference as a line and as a row of the table, with its state in words', () => {
    const html = graphSection({ graphs: [graph] });
    expect(html.match(/<path class="(?:there|missing|unknown)"/g)).toHaveLength(graph.edges.length);
    expect(html.match(/<tr class="/g)).toHaveLength(graph.edges.length);
    expect(html).toContain('6 objects, 5 references, 1 broken, 1 unknown. 1 further object is not drawn.');
    expect(html).toContain('✘ missing');
    expect(html).toContain('? unknown');
  });

  it('bear objects that refer to each other', () => {
    const around = {
      ...graph,
      nodes: [node('Service a'), node('StatefulSet a')],
      edges: [edge('Service a', 'StatefulSet a'), edge('StatefulSet a', 'Service a')],
    };
    expect(placesOf(around)).toHaveLength(2);
  });

  it('are not there where there is nothing to draw', () => {
    expect(graphSection({})).toBe('');
    expect(timelineSection({})).toBe('');
  });
});

describe('the time, drawn', () => {
  const sample = (atMs: number, status: number) => ({ atMs, durationMs: 10, status });
  const timeline = {
    title: 'outage of qna',
    startedAt: '2026-11-23T08:00:00.123Z',
    series: [
      { name: 'readiness', samples: [sample(0, 200), sample(1000, 200), sample(2000, 503), sample(3000, 200)] },
      {
        name: 'port',
        samples: [
          { atMs: 0, durationMs: 1, words: 'open' },
          { atMs: 2500, durationMs: 1, words: 'refused' },
        ],
      },
    ],
    marks: [{ atMs: 1500, words: 'the database was stopped' }],
  };

  it('joins equal answers to one band, and tells each by its words too', () => {
    const html = timelineSection({ timelines: [timeline] });
    const bands = [...html.matchAll(/<g class="stretch (\w+)"><title>([^<]+)</g)].map(
      ([, tone, words]) => `${tone} ${words}`,
    );
    expect(bands).toEqual([
      'good readiness 200, 0 s to 2 s',
      'bad readiness 503, 2 s to 3 s',
      'good readiness 200, 3 s to 3.01 s',
      'good port open, 0 s to 2.5 s',
      'none port refused, 2.5 s to 2.5 s',
    ]);
  });

  it('has every change and every event in the table, in the order of time', () => {
    const html = timelineSection({ timelines: [timeline] });
    const rows = [...html.matchAll(/<tr><th scope="row">([^<]+)<\/th><td>([^<]+)<\/td><td>([^<]+)</g)].map((row) =>
      row.slice(1).join(' '),
    );
    expect(rows).toEqual([
      '0 s readiness 200',
      '0 s port open',
      '1.5 s event the database was stopped',
      '2.01 s readiness 200 → 503',
      '2.5 s port open → refused',
      '3.01 s readiness 503 → 200',
    ]);
  });

  it('bears a hundred thousand answers, and a run without any', () => {
    const samples = Array.from({ length: 100_000 }, (_, index) => sample(index, index < 50_000 ? 200 : 503));
    const html = timelineSection({ timelines: [{ ...timeline, series: [{ name: 'readiness', samples }] }] });
    expect(html.match(/class="stretch/g)).toHaveLength(2);
    expect(timelineSection({ timelines: [{ ...timeline, series: [], marks: [] }] })).not.toContain('NaN');
  });
});
