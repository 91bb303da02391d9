import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FaultCode } from '../../src/prometheus/fault-meanings.ts';
import { FAULT_LIMIT } from '../../src/prometheus/faults.ts';
import { parseExposition } from '../../src/prometheus/parse-exposition.ts';
import { meantPage, writePage } from './pages.ts';

describe('a page in the text format', () => {
  it('is read into families with their samples, labels, values and lines', () => {
    const page = parseExposition(
      [
        '# A comment.',
        '# HELP http_requests_total Requests\\nby "route" and \\\\.',
        '# TYPE http_requests_total counter',
        'http_requests_total{route="/v1/ask",status="200",} 3 1763900000000',
        '',
        'http_requests_total { route = "a\\"b\\\\c\\nd" , status="500" }\t+Inf',
        '# TYPE d_seconds histogram',
        'd_seconds_bucket{le="+Inf"} 2',
        'd_seconds_sum 0.5',
        'd_seconds_count 2',
        'lonely NaN',
        '',
      ].join('\n'),
      'text',
    );
    expect(page.faults).toEqual([]);
    expect(page.families.map(({ name, type, samples }) => [name, type, samples.length])).toEqual([
      ['http_requests_total', 'counter', 2],
      ['d_seconds', 'histogram', 3],
      ['lonely', 'untyped', 1],
    ]);
    const [requests] = page.families;
    expect(requests?.help).toBe('Requests\nby "route" and \\.');
    expect(requests?.samples[0]).toMatchObject({ value: 3, timestamp: 1763900000000, line: 4, column: 1 });
    expect(requests?.samples[1]).toMatchObject({
      labels: [
        { name: 'route', value: 'a"b\\c\nd' },
        { name: 'status', value: '500' },
      ],
      value: Infinity,
      line: 6,
      column: 1,
    });
  });

  it('may quote a name that holds other characters', () => {
    const page = parseExposition('# TYPE "http.requests" counter\n{"http.requests","route.name"="a"} 1\n', 'text');
    expect(page.faults).toEqual([]);
    expect(page.families[0]).toMatchObject({
      name: 'http.requests',
      type: 'counter',
      samples: [{ labels: [{ name: 'route.name', value: 'a' }] }],
    });
  });

  const faulty: readonly (readonly [string, string, FaultCode, number, number])[] = [
    ['a name that starts with a digit', '9a 1\n', 'invalid-metric-name', 1, 1],
    ['a name with a dash', 'a 1\nb-c 1\n', 'invalid-metric-name', 2, 2],
    ['a label name with a dash', 'a{b-c="1"} 1\n', 'missing-equals', 1, 4],
    ['a label name that starts with a digit', 'a{9="1"} 1\n', 'invalid-label-name', 1, 3],
    ['a label that stands twice', 'a{b="1",b="2"} 1\n', 'duplicate-label', 1, 9],
    ['the label __name__', 'a{__name__="b"} 1\n', 'reserved-label-name', 1, 3],
    ['a label value without quotes', 'a{b=1} 1\n', 'missing-quote', 1, 5],
    ['a label value that is not closed', 'a{b="1} 1\n', 'unterminated-label-value', 1, 5],
    ['a label set that is not closed', 'a{b="1"\n', 'unterminated-labels', 1, 8],
    ['two labels without a comma', 'a{b="1" c="2"} 1\n', 'missing-comma', 1, 9],
    ['an escape that does not exist', 'a{b="\\t"} 1\n', 'invalid-escape', 1, 6],
    ['a sample without a value', 'a{b="1"}\n', 'missing-value', 1, 9],
    ['a word as a value', 'a foo\n', 'invalid-value', 1, 3],
    ['a hexadecimal value', 'a 0x1F\n', 'invalid-value', 1, 3],
    ['a digit separator', 'a 1_000\n', 'invalid-value', 1, 3],
    ['a number beyond the range of a double', 'a 1e999\n', 'invalid-value', 1, 3],
    ['a timestamp with a fraction', 'a 1 1.5\n', 'invalid-timestamp', 1, 5],
    ['text after the timestamp', 'a 1 2 3\n', 'text-after-sample', 1, 7],
    ['an exemplar', 'a_total 1 # {trace_id="x"} 1\n', 'exemplar-in-text', 1, 11],
    ['a blank at its end', 'a 1 \n', 'trailing-blank', 1, 4],
    ['a TYPE without a type', '# TYPE a\na 1\n', 'missing-type', 1, 9],
    ['an unknown type', '# TYPE a Counter\na 1\n', 'misspelt-type', 1, 10],
    ['a type of OpenMetrics', '# TYPE a info\na 1\n', 'unknown-type', 1, 10],
    ['a second TYPE', '# TYPE a gauge\n# TYPE a gauge\na 1\n', 'second-type', 2, 1],
    ['a second HELP', '# HELP a x\n# HELP a y\na 1\n', 'second-help', 2, 1],
    ['a TYPE after the first sample', 'a 1\n# TYPE a gauge\n', 'type-after-samples', 2, 1],
    ['a family in two parts', 'a{x="1"} 1\nb 1\na{x="2"} 1\n', 'split-family', 3, 1],
    ['a last line without a line feed', 'a 1\nb 2', 'missing-final-newline', 2, 4],
    ['a carriage return', 'a 1\r\n', 'carriage-return', 1, 4],
    ['HTML', '<html>\n<body>\n', 'not-an-exposition', 1, 1],
    ['JSON', '{"status":"ok"}\n', 'not-an-exposition', 1, 1],
    ['a byte that is not UTF-8', 'a 1\nb{c="\uFFFD"} 1\n', 'not-utf-8', 2, 6],
  ];
  it.each(faulty)('is faulty with %s, at the right place', (_, text, code, line, column) => {
    expect(parseExposition(text, 'text').faults.map((fault) => [fault.code, fault.line, fault.column])).toEqual([
      [code, line, column],
    ]);
  });

  it('goes on after a faulty line', () => {
    const page = parseExposition('a 1\nb\nc 3\n', 'text');
    expect(page.faults).toHaveLength(1);
    expect(page.families.map(({ name }) => name)).toEqual(['a', 'c']);
  });

  it('tells at most a hundred faults, and how many it left out', () => {
    const page = parseExposition('a\n'.repeat(250), 'text');
    expect([page.faults.length, page.faultsLeftOut]).toEqual([FAULT_LIMIT, 150]);
  });

  it('comes back as it was meant, whatever it holds', () => {
    fc.assert(
      fc.property(meantPage, (families) => {
        const page = parseExposition(writePage(families), 'text');
        expect(page.faults).toEqual([]);
        expect(
          page.families.map(({ name, type, help, samples }) => ({
            name,
            type,
            help,
            samples: samples.map(({ labels, value }) => ({ labels, value })),
          })),
        ).toEqual(families.map((family) => ({ ...family })));
      }),
      { numRuns: 300 },
    );
  });

  it('never makes the parser throw, whatever the text', () => {
    const nasty = fc.string({
      unit: fc.constantFrom(
        'a',
        '_',
        '1',
        '{',
        '}',
        '"',
        '\\',
        ',',
        '=',
        '#',
        ' ',
        '\n',
        '\r',
        '\t',
        'TYPE',
        'HELP',
        '# ',
        '+Inf',
        '.',
        'é',
        '\uFFFD',
      ),
      maxLength: 60,
    });
    fc.assert(
      fc.property(
        fc.oneof(nasty, fc.string({ unit: 'binary', maxLength: 200 })),
        fc.constantFrom('text' as const, 'openmetrics' as const),
        (text, format) => {
          const page = parseExposition(text, format);
          for (const fault of page.faults) {
            expect(fault.line).toBeGreaterThanOrEqual(1);
            expect(fault.column).toBeGreaterThanOrEqual(1);
            expect(fault.message).toMatch(/\.$/);
          }
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe('a page in OpenMetrics', () => {
  it('is read with units, exemplars, created series and timestamps in seconds', () => {
    const page = parseExposition(
      [
        '# TYPE http_request_duration_seconds histogram',
        '# UNIT http_request_duration_seconds seconds',
        '# HELP http_request_duration_seconds Durations.',
        'http_request_duration_seconds_bucket{le="+Inf"} 1 # {trace_id="abc"} 0.2 1763900000.1',
        'http_request_duration_seconds_count 1',
        'http_request_duration_seconds_sum 0.2',
        'http_request_duration_seconds_created 1763900000.5',
        '# TYPE http_requests counter',
        'http_requests_total 3 1763900000.25',
        '# TYPE target info',
        'target_info{service_name="qna"} 1',
        '# EOF',
        '',
      ].join('\n'),
      'openmetrics',
    );
    expect(page.faults).toEqual([]);
    expect(page.families.map(({ name, type, unit, samples }) => [name, type, unit, samples.length])).toEqual([
      ['http_request_duration_seconds', 'histogram', 'seconds', 4],
      ['http_requests', 'counter', undefined, 1],
      ['target', 'info', undefined, 1],
    ]);
    expect(page.families[0]?.samples[0]?.exemplar).toEqual({
      labels: [{ name: 'trace_id', value: 'abc' }],
      value: 0.2,
      timestamp: 1763900000.1,
    });
    expect(page.families[1]?.samples[0]?.timestamp).toBe(1763900000.25);
  });

  const faulty: readonly (readonly [string, string, FaultCode])[] = [
    ['no end marker', '# TYPE a gauge\na 1\n', 'missing-eof'],
    ['anything after the end marker', '# EOF\na 1\n', 'text-after-eof'],
    ['a blank line', 'a 1\n\n# EOF\n', 'blank-line'],
    ['a free comment', '# hello\na 1\n# EOF\n', 'unexpected-comment'],
    ['a unit that is not in the name', '# UNIT a seconds\na 1\n# EOF\n', 'unit-not-in-name'],
    ['a type of the text format', '# TYPE a untyped\na 1\n# EOF\n', 'unknown-type'],
    ['TYPE without a name', '# TYPE\n# EOF\n', 'incomplete-metadata'],
  ];
  it.each(faulty)('is faulty with %s', (_, text, code) => {
    expect(parseExposition(text, 'openmetrics').faults.map((fault) => fault.code)).toEqual([code]);
  });
});
