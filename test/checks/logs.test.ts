import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readRecord } from '../../src/checks/logs/log-line.ts';
import { piecesOf } from '../../src/checks/logs/stacks.ts';
import { streamsOf } from '../../src/sources/endpoint/read-logs.ts';

const JSON_LINE = '{"time":"2026-11-23T10:00:00Z","level":"info","msg":"a"}';

const STACKS = {
  node: [
    'TypeError: a is undefined',
    '    at ask (/app/ask.js:1:1)',
    '    at main (/app/main.js:2:2) {',
    '  code: 7',
    '}',
  ],
  python: [
    'Traceback (most recent call last):',
    '  File "/app/a.py", line 7, in ask',
    '    return b',
    'ValueError: no',
  ],
  chained: [
    'Traceback (most recent call last):',
    '  File "/app/a.py", line 7, in ask',
    'KeyError: 7',
    'During handling of the above exception, another exception occurred:',
    'Traceback (most recent call last):',
    '  File "/app/b.py", line 1, in b',
    'app.errors.NotFoundError: 7',
  ],
  java: [
    'java.lang.IllegalStateException: gone',
    '\tat a.B.c(B.java:7)',
    'Caused by: java.io.IOException: no',
    '\t... 3 more',
  ],
  go: ['panic: no', 'goroutine 1 [running]:', 'main.main()', '\t/app/main.go:12 +0x1d', 'exit status 2'],
} as const;
const stack = fc.constantFrom(...Object.values(STACKS));

describe('lines of a log', () => {
  it.each(Object.entries(STACKS))('that are a stack trace of %s are one', (_, lines) => {
    expect(
      piecesOf([JSON_LINE, ...lines, JSON_LINE]).map(({ kind, start, lines: count }) => [kind, start, count]),
    ).toEqual([
      ['structured', 0, 1],
      ['stack', 1, lines.length],
      ['structured', lines.length + 1, 1],
    ]);
  });

  it('that are two stack traces in a row are two', () => {
    for (const lines of [STACKS.node, STACKS.python, STACKS.java])
      expect(piecesOf([...lines, ...lines]).map(({ lines: count }) => count)).toEqual([lines.length, lines.length]);
  });

  it('belong to one piece each, whatever they are', () => {
    const line = fc.oneof(fc.constant(JSON_LINE), fc.string(), fc.constantFrom('', '  ', '}', '    at x (y:1:1)'));
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            line.map((one) => [one]),
            stack,
          ),
        ),
        (groups) => {
          const lines = groups.flat();
          const pieces = piecesOf(lines);
          const filled = lines.filter((each) => each.trim() !== '').length;
          expect(pieces.reduce((sum, { lines: count }) => sum + count, 0)).toBe(filled);
          expect(pieces.map(({ start }) => start)).toEqual(pieces.map(({ start }) => start).toSorted((a, b) => a - b));
          // A JSON line never disappears into what stands before it.
          expect(pieces.filter(({ kind }) => kind === 'structured').length).toBe(
            lines.filter((each) => each === JSON_LINE).length,
          );
        },
      ),
    );
  });

  it('that a colour stands in are named so, JSON or not', () => {
    expect(piecesOf(['\u001b[32minfo\u001b[39m a', `\u001b[2m${JSON_LINE}\u001b[0m`]).map(({ kind }) => kind)).toEqual([
      'coloured',
      'coloured',
    ]);
  });

  it.each([
    ['{"level":30}', 'quiet'],
    ['{"level":40}', 'loud'],
    ['{"level":6}', 'quiet'],
    ['{"level":3}', 'loud'],
    ['{"SeverityNumber":9}', 'quiet'],
    ['{"severity_number":17}', 'loud'],
    ['{"log":{"level":"warn"}}', 'loud'],
    ['{"severity":"NOTICE"}', 'quiet'],
    ['{"level":"of detail"}', 'unknown'],
  ])('as %s have a level that is %s', (line, level) => expect(readRecord(line)?.level).toBe(level));
});

describe('captured text', () => {
  /** The record of the container runtime, split where it likes. */
  const written = fc.record({
    output: fc.constantFrom('stdout', 'stderr'),
    parts: fc.array(fc.stringMatching(/^[a-z{}":, ]{1,12}$/), { minLength: 1, maxLength: 4 }),
  });

  it('is joined again however the runtime split and mixed it', () => {
    fc.assert(
      fc.property(fc.array(written, { minLength: 1, maxLength: 8 }), fc.infiniteStream(fc.boolean()), (all, coin) => {
        // The two outputs are interleaved part by part; each keeps its own order.
        const queues = { stdout: [] as string[], stderr: [] as string[] };
        for (const { output, parts } of all)
          for (const [nth, part] of parts.entries())
            queues[output as 'stdout' | 'stderr'].push(
              `2026-11-23T10:00:00.1Z ${output} ${nth === parts.length - 1 ? 'F' : 'P'} ${part}`,
            );
        const lines: string[] = [];
        while (queues.stdout.length + queues.stderr.length > 0) {
          const first = coin.next().value === true ? queues.stdout : queues.stderr;
          const line = first.shift() ?? queues.stdout.shift() ?? queues.stderr.shift();
          if (line !== undefined) lines.push(line);
        }
        const [stream] = streamsOf('a.log', lines.join('\n'));
        expect([...(stream?.lines ?? [])].toSorted()).toEqual(all.map(({ parts }) => parts.join('')).toSorted());
      }),
    );
  });

  it('gives each pod its own lines, in their order', () => {
    const line = fc.tuple(fc.constantFrom('qna-1/api', 'qna-2/api', 'qna-2/proxy'), fc.stringMatching(/^[a-z]{1,8}$/));
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        const text = lines.map(([pod, words]) => `[pod/${pod}] 2026-11-23T10:00:00.123456789Z ${words}`).join('\n');
        for (const { subject, lines: own } of streamsOf('a.log', text))
          expect(own).toEqual(lines.filter(([pod]) => subject === `Pod ${pod}`).map(([, words]) => words));
      }),
    );
  });

  it('keeps the indentation of a stack trace behind timestamps', () => {
    const text = STACKS.node.map((each) => `[pod/qna-1/api] 2026-11-23T10:00:00.1Z ${each}`).join('\n');
    const [stream] = streamsOf('a.log', text);
    expect(stream?.lines).toEqual(STACKS.node);
  });
});
