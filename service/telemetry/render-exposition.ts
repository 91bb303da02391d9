import type { Format } from './exposition-format.ts';

export interface Family {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'histogram' | 'summary';
  readonly samples: readonly Sample[];
}

export interface Sample {
  readonly metricName: string;
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
  readonly exemplar?: {
    readonly labels: Readonly<Record<string, string>>;
    readonly value: number;
    /** Since 1970. */
    readonly seconds: number;
  };
}

/**
 * Writes the page of a scrape. prom-client's own writer changes the names of counters for good once it has written
 * OpenMetrics, writes no canonical numbers there, and knows one format at a time.
 *
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/
 * @see https://prometheus.io/docs/specs/om/open_metrics_spec/
 */
export function renderExposition(families: readonly Family[], format: Format): string {
  const open = format === 'openmetrics';
  let page = '';
  for (const { name, help, type, samples } of families) {
    const family = open && type === 'counter' ? name.replace(/_total$/, '') : name;
    page += `# HELP ${family} ${open ? escapeLabel(help) : escapeHelp(help)}\n# TYPE ${family} ${type}\n`;
    for (const { metricName, labels, value, exemplar } of samples) {
      page += `${metricName}${renderLabels(labels, open)} ${renderNumber(value)}`;
      if (open && exemplar !== undefined)
        page += ` # ${renderLabels(exemplar.labels, true)} ${renderNumber(exemplar.value)} ${exemplar.seconds.toFixed(3)}`;
      page += '\n';
    }
  }
  return open ? `${page}# EOF\n` : page;
}

function renderLabels(labels: Sample['labels'], open: boolean): string {
  let text = '';
  for (const name in labels) {
    const value = labels[name] ?? '';
    text += `${text === '' ? '{' : ','}${name}="${name === 'le' && typeof value === 'number' ? renderBound(value, open) : escapeLabel(String(value))}"`;
  }
  return text === '' ? '' : `${text}}`;
}

/** OpenMetrics wants the bounds of buckets as canonical floats, so that they are the same text from every library. */
function renderBound(bound: number, open: boolean): string {
  return open && Number.isInteger(bound) ? bound.toFixed(1) : renderNumber(bound);
}

function renderNumber(value: number): string {
  if (Number.isFinite(value)) return String(value);
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
}

function escapeHelp(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}

function escapeLabel(text: string): string {
  return /[\\\n"]/.test(text) ? escapeHelp(text).replaceAll('"', '\\"') : text;
}
