import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contextOf, withRequest } from '../../../service/http/request-context.ts';
import { createLogger } from '../../../service/telemetry/logging.ts';
import { createScrub } from '../../../service/telemetry/scrub.ts';
import { classifyLine } from '../../../src/checks/logs/log-line.ts';

type Entry = Readonly<Record<string, unknown>>;

/** What a logger writes, and nothing else. */
function write(
  secrets: readonly string[],
  log: (logger: ReturnType<typeof createLogger>) => void,
  format: 'json' | 'ecs' = 'json',
) {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  log(createLogger({ level: 'debug', format, scrub: createScrub(secrets), destination }));
  return { lines, entries: lines.map((line) => JSON.parse(line) as Entry) };
}

describe.each(['json', 'ecs'] as const)('a line as %s', (format) => {
  it('stays below 8 KiB however much is logged, says that it was cut, and is whole JSON', () => {
    const long = 'ü"\\\n'.repeat(20_000);
    const { lines, entries } = write(
      [],
      (logger) => {
        logger.info(long);
        logger.error({ err: new Error(long, { cause: new Error(long) }), long }, long);
        logger.info(
          Object.fromEntries(Array.from({ length: 3_000 }, (_, n) => [`field${n}`, 'x'.repeat(200)])),
          'many',
        );
        logger.info({ deep: Array.from({ length: 500 }, () => ({ a: 'x'.repeat(100) })) }, 'deep');
        logger.info('short');
      },
      format,
    );
    for (const line of lines) {
      expect(Buffer.byteLength(line)).toBeLessThan(8 * 1024);
      expect(line.endsWith('}\n')).toBe(true);
      expect(classifyLine(line.trimEnd())).toBe('structured');
    }
    const mark = format === 'ecs' ? 'qna.truncated' : 'truncated';
    expect(entries.map((entry) => entry[mark] ?? false)).toEqual([true, true, true, true, false]);
  });

  it('cannot be given a second level, time, message or service by a field', () => {
    const { lines } = write(
      [],
      (logger) => logger.info({ level: 1, time: 2, msg: 3, service: 4, message: 5, '@timestamp': 6 }, 'said'),
      format,
    );
    const names = [...(lines[0] ?? '').matchAll(/[{,]"([^"]+)":/g)].map(([, name]) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(classifyLine((lines[0] ?? '').trimEnd())).toBe('structured');
  });

  it('takes nothing over from an earlier line of the same request', () => {
    const { entries } = write(
      [],
      (logger) =>
        withRequest(contextOf({}), () => {
          logger.info({ tool: 'clock' }, 'first');
          logger.info('second');
        }),
      format,
    );
    expect(Object.keys(entries[1] ?? {})).not.toContain(format === 'ecs' ? 'qna.tool' : 'tool');
    const trace = format === 'ecs' ? 'trace.id' : 'trace_id';
    expect(entries[1]?.[trace]).toBe(entries[0]?.[trace]);
  });

  it('holds errors in one form: text for code, the chain of causes, and no property that hangs on them', () => {
    const inner = Object.assign(new Error('inner'), { code: 42, request: { headers: 'all of them' } });
    const outer = Object.assign(new AggregateError([inner, new TypeError('other')], 'outer', { cause: inner }), {
      code: 'E',
    });
    inner.cause = outer;
    const { entries } = write([], (logger) => logger.error({ err: outer }, 'failed'), format);
    const causes = [
      { type: 'Error', message: 'inner', code: '42' },
      { type: 'TypeError', message: 'other' },
    ];
    if (format === 'ecs') {
      expect(entries[0]).toMatchObject({
        'error.type': 'AggregateError',
        'error.message': 'outer',
        'error.code': 'E',
        'qna.causes': causes,
      });
      expect(entries[0]?.['error.stack_trace']).toContain('logger.test.ts');
    } else expect(entries[0]?.err).toMatchObject({ type: 'AggregateError', message: 'outer', code: 'E', causes });
    expect(JSON.stringify(entries)).not.toContain('all of them');
  });
});

describe('a secret', () => {
  /** Any printable text, with the characters that JSON, URLs and regular expressions treat as their own. */
  const value = fc
    .string({ unit: fc.constantFrom(...'abcXYZ019%@/:"\\\'$&+?#{}[]()|^. \nüß😀'), minLength: 8, maxLength: 30 })
    .filter((text) => /[a-zA-Z0-9]{3}/.test(text) && text.trim() === text);
  const placements: readonly ((secret: string) => readonly [object, string])[] = [
    (secret) => [{}, `in the message: ${secret}.`],
    (secret) => [{ note: secret }, 'in a field'],
    (secret) => [{ a: { b: { c: [{ d: secret }] } } }, 'deep'],
    (secret) => [{ [secret]: 1 }, 'as a name'],
    (secret) => [{ err: new Error(`failed for ${secret}`) }, 'in an error'],
    (secret) => [{ err: new Error('x', { cause: new Error('y', { cause: new Error(secret) }) }) }, 'in a cause'],
    (secret) => [{ err: new AggregateError([new Error(secret)], 'all failed') }, 'in one of many errors'],
    (secret) => [{ inner: { err: Object.assign(new Error('x'), { config: { auth: secret } }) } }, 'on an error'],
    (secret) => [{ url: `https://u:${encodeURIComponent(secret)}@host/` }, 'in a URL'],
    (secret) => [{ url: `/path?q=${encodeURIComponent(secret)}` }, 'in a query'],
    (secret) => [{ header: Buffer.from(secret).toString('base64') }, 'encoded'],
    (secret) => [{ text: JSON.stringify({ nested: secret }).slice(0) }, 'as JSON in a text'],
    (secret) => [{ long: `${'x'.repeat(1_990)}${secret}${'y'.repeat(9_000)}` }, 'where a text is cut'],
    (secret) => [{ map: new Map([['k', secret]]), set: new Set([secret]) }, 'in collections'],
  ];

  it('that is known never appears, whole or in any spelling, wherever it stands', () => {
    fc.assert(
      fc.property(
        value,
        fc.integer({ min: 0, max: placements.length - 1 }),
        fc.constantFrom('json' as const, 'ecs' as const),
        (secret, index, format) => {
          const [fields, message] = placements[index]?.(secret) ?? [{}, ''];
          const { lines, entries } = write([secret], (logger) => logger.error(fields, message), format);
          const line = lines.join('');
          expect(line).not.toContain(secret);
          expect(line).not.toContain(JSON.stringify(secret).slice(1, -1));
          expect(line).not.toContain(encodeURIComponent(secret));
          expect(line).not.toContain(Buffer.from(secret).toString('base64'));
          expect(JSON.stringify(entries)).not.toContain(secret);
        },
      ),
      { numRuns: 400 },
    );
  });

  it('that nobody told of never appears under a telling name, whatever its form', () => {
    const name = fc.constantFrom(
      'password',
      'db_password',
      'X-Api-Key',
      'accessToken',
      'client-secret',
      'Cookie',
      'authorization',
      'privateKey',
      'DATABASE_URL',
      'PGPASSWORD',
      'connectionString',
    );
    fc.assert(
      fc.property(name, fc.stringMatching(/^[A-Za-z0-9+/]{10,30}$/), (field, secret) => {
        const { lines } = write([], (logger) => {
          logger.info({ [field]: secret }, 'a field');
          logger.info({ request: { headers: { [field]: [secret, { again: secret }] } } }, 'deep');
          logger.info({ [field]: { value: secret } }, 'an object');
          logger.info({ rawHeaders: `${field}: ${secret}` }, `GET /?${field}=${secret}&x=1 failed`);
          logger.info(`{"${field}":"${secret}"}`);
        });
        // Two of these names are no header's and no parameter's, so they are known as fields only.
        const free = /DATABASE_URL|connectionString/.test(field) ? lines.slice(0, 3) : lines;
        expect(free.join('')).not.toContain(secret);
      }),
      { numRuns: 200 },
    );
  });

  it('is looked for in time that grows with the text and no faster, however hostile that is', () => {
    const scrub = createScrub(['correct-horse']);
    const pieces = [
      'password',
      'password=',
      'a.b-',
      '://',
      'x://y:',
      'eyJa.',
      'Bearer ',
      '-----BEGIN PRIVATE KEY-----',
      'cookie: ',
      '\\"',
      'token="\\',
      'sk-',
      'a@',
      'AAAA',
    ];
    for (const piece of pieces) {
      const text = piece.repeat(100_000 / piece.length);
      const started = performance.now();
      scrub(text);
      expect(performance.now() - started, piece).toBeLessThan(1_000);
    }
  });

  it('is not seen where there is none: counts, models and messages stay as they are', () => {
    const { entries } = write(['correct-horse'], (logger) => {
      logger.info({ inputTokens: 12, outputTokens: 0, tokens: 5, tool: 'clock' }, 'the token usage is 12 tokens');
      logger.info({ path: '/v1/ask', sha: 'a'.repeat(40) }, 'see https://example.test/docs@2 and user@example.test');
    });
    expect(entries[0]).toMatchObject({
      inputTokens: 12,
      outputTokens: 0,
      tokens: 5,
      msg: 'the token usage is 12 tokens',
    });
    expect(entries[1]).toMatchObject({
      sha: 'a'.repeat(40),
      msg: 'see https://example.test/docs@2 and user@example.test',
    });
  });
});
