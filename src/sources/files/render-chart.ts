import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { SchemaVersion } from '../../core/api-schemas.ts';
import type { InlineWaivers } from '../../core/inline-waiver.ts';
import { lazily } from '../../core/lazily.ts';
import type { Location } from '../../core/location.ts';
import { type FoundObject, lazyLocation, type Manifest, readManifest } from './manifest.ts';
import { readText } from './read-text.ts';
import { runRenderer } from './run-renderer.ts';
import { followTemplate } from './template-lines.ts';
import { readWaiverComments } from './waiver-comments.ts';
import { parseYaml } from './yaml-objects.ts';

/** What a chart is rendered with. */
export interface ChartChoice {
  /** The version that the chart is told it runs on. */
  readonly kubernetes: SchemaVersion;
  /** Files of values beside the chart's own; later ones win. */
  readonly values: readonly string[];
  /** Where it will be installed; Helm's own default where absent. */
  readonly namespace?: string;
}

export type RenderedChart =
  | (Manifest & { readonly comments: readonly InlineWaivers[] })
  | { /** The end of a sentence. */ readonly reason: string };

const CHART_FILE = 'Chart.yaml';

/** The charts among some files that are not a part of another chart. */
export function chartsAmong(files: readonly string[]): readonly string[] {
  const charts = files.filter((file) => basename(file) === CHART_FILE).map(dirname);
  return charts.filter((chart) => !charts.some((other) => chart.startsWith(`${other}/charts/`)));
}

/** Whether a file is a template of a chart, or of one of the charts that it brings along. */
export function isTemplateOf(chart: string, file: string): boolean {
  return /^\/(?:charts\/[^/]+\/)*templates\//.test(file.slice(chart.length)) && file.startsWith(`${chart}/`);
}

/** A chart of this type is rendered by those that use it, and has no object of its own. */
export function isLibrary(chart: string): boolean {
  return chartSays(chart, 'type') === 'library';
}

function chartSays(chart: string, field: 'name' | 'type'): string | undefined {
  const read = readText(join(chart, CHART_FILE));
  const value = read.ok ? (parseYaml(read.text).documents[0]?.value as Readonly<Record<string, unknown>> | null) : null;
  return typeof value?.[field] === 'string' ? value[field] : undefined;
}

/**
 * Renders a chart with Helm as a release of the chart's name, without its tests, and places each object at the line of the template that it came from. `showAs`
 * makes a path what a person wrote.
 */
export function renderChart(
  chart: string,
  { kubernetes, values, namespace }: ChartChoice,
  showAs: (path: string) => string,
): RenderedChart {
  const release = chartSays(chart, 'name') ?? basename(chart);
  const args = ['template', release, chart, '--skip-tests', '--kube-version', `${kubernetes}.0`];
  const chosen = [
    ...(namespace === undefined ? [] : ['--namespace', namespace]),
    ...values.flatMap((file) => ['--values', file]),
  ];
  const built = runRenderer(
    [{ program: 'helm', args: [...args, ...chosen], tells: 'everything' }],
    'it must be rendered to be judged, and helm is not installed; or judge what `helm template` prints, as standard input',
  );
  if ('reason' in built) return built;
  const parts = partsOf(built.text).map(({ source, text }) => readPart(chart, source, text, showAs));
  const templates = new Set(parts.map(({ template }) => template));
  return {
    objects: parts.flatMap(({ objects }) => objects),
    notSeen: parts.flatMap(({ notSeen }) => notSeen),
    comments: [...templates].flatMap((file) => {
      const read = readText(file);
      return read.ok ? [readWaiverComments(showAs(file), read.text)] : [];
    }),
  };
}

/** What Helm prints is a part for each document, under the name of its template. */
function partsOf(text: string): readonly { readonly source: string; readonly text: string }[] {
  return text.split(/^---$\n?/m).flatMap((part) => {
    const [, source] = /^# Source: (.+)\n/.exec(part) ?? [];
    return source === undefined ? [] : [{ source, text: part }];
  });
}

function readPart(
  chart: string,
  source: string,
  text: string,
  showAs: (path: string) => string,
): Manifest & { readonly template: string } {
  // It begins with the name of the chart, which is not always that of its folder.
  const file = join(chart, source.slice(source.indexOf('/') + 1));
  const follow = lazily(() => {
    const read = readText(file);
    return read.ok ? followTemplate(read.text, text) : undefined;
  });
  // A template may stand in an archive that the chart brings along.
  const shown = showAs(existsSync(file) ? file : join(chart, CHART_FILE));
  const place = (find: () => Location) =>
    lazyLocation(shown, () => {
      const printed = find();
      return ('line' in printed ? follow()?.(printed) : undefined) ?? { line: 1, column: 1 };
    });
  const { objects, notSeen } = readManifest(shown, text);
  return {
    template: file,
    objects: objects.map(
      ({ object, locate }): FoundObject => ({ object, file: shown, locate: (path) => place(() => locate(path)) }),
    ),
    notSeen: notSeen.map((gap) => {
      const { where } = gap;
      return where === undefined ? gap : { ...gap, where: place(() => where) };
    }),
  };
}
