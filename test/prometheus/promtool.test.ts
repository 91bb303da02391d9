import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkNaming } from '../../src/prometheus/naming-rules.ts';
import { parseExposition } from '../../src/prometheus/parse-exposition.ts';
import { checkMetrics, findPromtool, NO_PROMTOOL } from './find-promtool.ts';
import { writeNumber } from './pages.ts';

const PROMTOOL = await findPromtool();

/** Faults of ours that promtool lets through; `# EOF` and the like belong to another format. */
const LET_THROUGH = new Set(['split-family', 'missing-type']);

/** Debian's promtool looks for the name of any type, the present one for the family's own. */
const CHANGED_SINCE = / metric name should not include type /;

function promtool(page: string): { readonly parsed: boolean; readonly findings: readonly string[] } {
  const { status, output } = checkMetrics(PROMTOOL ?? '', page);
  return { parsed: status !== 1, findings: status === 3 ? told(output.trim().split('\n')) : [] };
}

function told(findings: readonly string[]): readonly string[] {
  return [...new Set(findings)].filter((finding) => !CHANGED_SINCE.test(finding)).sort();
}

function ours(page: string): { readonly parsed: boolean; readonly findings: readonly string[] } {
  const exposition = parseExposition(page, 'text');
  const parsed = exposition.faults.every((fault) => LET_THROUGH.has(fault.code));
  const findings = checkNaming(exposition).map(({ metric, text }) => `${metric} ${text}`);
  return { parsed, findings: parsed ? told(findings) : [] };
}

const word = fc.constantFrom('http', 'request', 'gauge', 'counter', 'info', 'Errors', 'queueSize', 'b', 'm', 'ms');
// One unit at most: among several, promtool reports any.
const unit = fc.constantFrom('', '', '_seconds', '_milliseconds', '_bytes', '_kilobytes', '_minutes', '_hours');
const suffix = fc.constantFrom('', '', '_total', '_count', '_sum', '_bucket', '_x');
const name = fc
  .tuple(fc.array(word, { minLength: 1, maxLength: 3 }), unit, suffix)
  .map(([words, unitText, suffixText]) => `${words.join('_')}${unitText}${suffixText}`);
const odd = fc.constantFrom('', '', '', ':', '-', '9');
const line = fc.oneof(
  fc.tuple(name, odd).map(([text, suffix]) => `# HELP ${text}${suffix} What it is.`),
  fc
    .tuple(name, fc.constantFrom('counter', 'gauge', 'summary', 'histogram', 'untyped', 'gauge', 'Zaehler', ''))
    .map(([text, type]) => `# TYPE ${text} ${type}`),
  fc
    .tuple(
      name,
      odd,
      fc.constantFrom(
        '',
        '',
        '{a="1"}',
        '{aB="1"}',
        '{a="1",}',
        '{a="1",a="2"}',
        '{a="1"b="2"}',
        '{a="\\x"}',
        '{a="1}',
        '{le="1"}',
        '{}',
        ' {a="1"}',
      ),
      fc.oneof(
        fc.double().map(writeNumber),
        fc.constantFrom('1', '0x1F', '1_0', 'foo', 'Inf', '-inf', 'nan', '+NaN', '1e5', '.5', '5.', '', '1e999'),
      ),
      fc.constantFrom('', '', '', ' 123', ' 1.5', ' 1 2', ' # {a="b"} 1', '\t'),
    )
    .map(([text, suffix, labels, value, rest]) => `${text}${suffix}${labels} ${value}${rest}`),
  fc.constantFrom('', '# a comment', '#', '#HELP', '   ', 'a 1\r'),
);
const page = fc
  .tuple(fc.array(line, { maxLength: 6 }), fc.constantFrom('\n', '\n', '\n', ''))
  .map(([lines, end]) => (lines.length === 0 ? '' : lines.join('\n') + end));

describe.skipIf(PROMTOOL === undefined)(`against promtool (skipped where ${NO_PROMTOOL})`, () => {
  it('the same pages are refused, and the same names criticised', () => {
    fc.assert(
      fc.property(page, (text) => {
        expect(ours(text), JSON.stringify(text)).toEqual(promtool(text));
      }),
      { numRuns: Number(process.env.PROMTOOL_RUNS ?? 150) },
    );
  }, 300_000);
});
