import fc from 'fast-check';
import type { ExpositionFormat } from '../../src/prometheus/exposition.ts';
import { writeNumber } from './pages.ts';

const WORD = fc.constantFrom('http', 'request', 'gauge', 'counter', 'info', 'Errors', 'queueSize', 'b', 'm', 'ms', 'q');
// One unit at most: the linter names the first of several, and so do we, but a summary's own suffix would make two.
const UNIT = fc.constantFrom('', '', '_seconds', '_milliseconds', '_bytes', '_kilobytes', '_minutes', '_hours');
const SUFFIX = fc.constantFrom('', '', '', '_total', '_count', '_sum', '_bucket', '_x', ':rate', '_info');
const NAME = fc
  .tuple(fc.array(WORD, { minLength: 1, maxLength: 3 }), UNIT, SUFFIX)
  .map(([words, unit, suffix]) => `${words.join('_')}${unit}${suffix}`);
const LABEL = fc.constantFrom('a', 'b', 'c', 'route', 'statusCode', '_x');
const VALUE_TEXT = fc.string({
  unit: fc.constantFrom('a', 'Z', '0', ' ', '"', '\\', '\n', 'ä', '{', '}', ',', '=', '#'),
});
const NUMBER = fc.oneof(
  fc.double({ noNaN: true }).map(writeNumber),
  fc.integer().map(String),
  fc.constantFrom('0', '1', 'NaN', '+Inf', '-Inf', 'inf', '1e5', '.5', '5.', '1e-400', '00', '+1'),
);
const COUNT = fc.integer({ min: 0, max: 1000 });

interface Labels {
  readonly names: readonly string[];
  readonly values: readonly string[];
}

const LABELS: fc.Arbitrary<Labels> = fc
  .tuple(fc.uniqueArray(LABEL, { maxLength: 3 }), fc.array(VALUE_TEXT, { minLength: 3, maxLength: 3 }))
  .map(([names, values]) => ({ names, values }));

function escapeText(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');
}

function write(name: string, { names, values }: Labels, more: string, isQuoted: boolean): string {
  const written = names.map(
    (label, index) => `${isQuoted ? `"${label}"` : label}="${escapeText(values[index] ?? '')}"`,
  );
  if (more !== '') written.push(more);
  if (isQuoted) return `{${[`"${name}"`, ...written].join(',')}}`;
  return written.length === 0 ? name : `${name}{${written.join(',')}}`;
}

const FAMILY = fc.record({
  name: NAME,
  type: fc.constantFrom('counter', 'gauge', 'histogram', 'summary', 'untyped', 'info', 'stateset', 'gaugehistogram'),
  help: VALUE_TEXT,
  hasHelp: fc.constantFrom(true, true, true, false),
  hasType: fc.constantFrom(true, true, true, false),
  isQuoted: fc.nat(15).map((one) => one === 0),
  metrics: fc.array(fc.record({ labels: LABELS, number: NUMBER, count: COUNT, more: COUNT, timed: COUNT }), {
    minLength: 1,
    maxLength: 3,
  }),
  exemplar: fc.constantFrom('', '', ' # {trace_id="x"} 1', ' # {a="1",b="2"} 0.5 1763900000.5'),
});

/** A page as a client library could write it: every line is well-formed, and what stands in them may be odd. */
export function wellFormedPage(format: ExpositionFormat): fc.Arbitrary<string> {
  const isText = format === 'text';
  return fc.array(FAMILY, { maxLength: 4 }).map((families) => {
    const lines = families.flatMap((family) => {
      const { name, help, hasHelp, hasType, isQuoted, metrics, exemplar } = family;
      const openOnly = ['info', 'stateset', 'gaugehistogram'].includes(family.type);
      const type = isText && openOnly ? 'gauge' : !isText && family.type === 'untyped' ? 'unknown' : family.type;
      const shown = isQuoted ? `"${name}"` : name;
      return [
        ...(hasHelp ? [`# HELP ${shown} ${escapeHelp(help, isText)}`] : []),
        ...(hasType ? [`# TYPE ${shown} ${type}`] : []),
        ...metrics.flatMap(({ labels, number, count, more, timed }) => {
          const at = timed % 5 > 0 ? '' : isText ? ` ${1_763_900_000_000 + timed}` : ` ${1_763_900_000 + timed / 4}`;
          const one = (suffix: string, extra: string, value: string, rest = '') =>
            `${write(name + suffix, labels, extra, isQuoted)} ${value}${at}${rest}`;
          const open = isText ? '' : exemplar;
          switch (hasType ? type : 'untyped') {
            case 'histogram':
              return [
                one('_bucket', 'le="0.5"', `${count}`, open),
                one('_bucket', 'le="+Inf"', `${count + more}`),
                one('_sum', '', number),
                one('_count', '', `${count + more}`),
              ];
            case 'gaugehistogram':
              return [
                one('_bucket', 'le="+Inf"', `${count}`),
                one('_gcount', '', `${count}`),
                one('_gsum', '', number),
              ];
            case 'summary':
              return [one('', 'quantile="0.5"', number), one('_sum', '', number), one('_count', '', `${count}`)];
            case 'counter':
              return isText
                ? [one('', '', number)]
                : [one('_total', '', number, open), one('_created', '', `${count}.5`)];
            case 'info':
              return [one('_info', '', '1')];
            default:
              return [one('', '', number)];
          }
        }),
      ];
    });
    if (!isText) return [...lines, '# EOF', ''].join('\n');
    return lines.map((line) => `${line}\n`).join('');
  });
}

function escapeHelp(text: string, isText: boolean): string {
  return isText ? text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n') : escapeText(text);
}

/** Text that breaks a page in a way that someone could have thought of. */
const BREAKS = [
  '',
  ' ',
  '  ',
  '\t',
  '\n',
  '\n\n',
  '\r',
  '#',
  '# ',
  '{',
  '}',
  '"',
  ',',
  ',,',
  '=',
  '\\',
  '\\t',
  ':',
  '-',
  '+',
  '.',
  '9',
  '0x1F',
  '1_0',
  'nan',
  'foo',
  '1e999',
  ' 5',
  ' -5',
  ' 1.5',
  ' 1 2',
  ' # {a="b"} 1',
  'é',
  '"x"',
  'a="1"',
  '<',
  '# HELP',
  '# HELP ',
  '# TYPE',
  '# TYPE a',
  '# TYPE q  gauge',
  '# TYPE q Gauge\n',
  '# UNIT q q\n',
  '# EOF',
  '# EOF\n',
  '\n# HELP q x\n',
  '\nq 1\n',
  '\n{"q"} 2\n',
  '{le="x"}',
  'le="1",',
  ',quantile="2"',
  '__name__="x",',
  '{""="1"} 1\n',
];

interface Change {
  readonly at: number;
  readonly takes: number;
  readonly puts: string;
  readonly moves: boolean;
}

const CHANGE: fc.Arbitrary<Change> = fc.record({
  at: fc.nat(1_000_000),
  takes: fc.constantFrom(0, 0, 0, 1, 1, 2, 5),
  puts: fc.constantFrom(...BREAKS),
  moves: fc.constantFrom(false, false, false, true),
});

/** A well-formed page with one to three changes: characters taken out, put in, or lines that changed places. */
export function brokenPage(format: ExpositionFormat): fc.Arbitrary<string> {
  return fc
    .tuple(wellFormedPage(format), fc.array(CHANGE, { minLength: 1, maxLength: 3 }))
    .map(([page, changes]) => changes.reduce(change, page));
}

function change(page: string, { at, takes, puts, moves }: Change): string {
  if (moves) {
    const lines = page.split('\n');
    const [line = ''] = lines.splice(at % lines.length, 1);
    lines.splice((at * 7) % (lines.length + 1), 0, line);
    return lines.join('\n');
  }
  const place = at % (page.length + 1);
  return page.slice(0, place) + puts + page.slice(place + takes);
}
