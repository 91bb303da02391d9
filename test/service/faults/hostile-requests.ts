/** A kind of hostile request, and the statuses that are right for it; 0 is a connection that ends without a word. */
export interface HostileRequest {
  readonly name: string;
  readonly bytes: string | Buffer;
  readonly right: readonly number[];
  /** Answered by Node itself, before any code of ours, and without a body. */
  readonly bare?: true;
}

const LINE = '\r\n';

export const HOSTILE_REQUESTS: readonly HostileRequest[] = [
  ask('JSON that ends too soon', '{"question": "', [400]),
  ask('no JSON', 'question=x', [400]),
  ask('JSON of another shape', '[1, 2, 3]', [400]),
  ask('a number for a question', '{"question": 1e999}', [400]),
  ask('a polluted prototype', '{"__proto__": {"question": "x"}, "constructor": {"prototype": {}}}', [400]),
  ask('JSON nested deeply', `{"question":${'['.repeat(7_000)}${']'.repeat(7_000)}}`, [400]),
  ask('a question too long', JSON.stringify({ question: 'x'.repeat(10_000) }), [400, 413]),
  ask('no UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0xc0, 0x80, 0x22, 0x7d]), [400]),
  ask('a zero byte in the question', '{"question": "what\\u0000ever"}', [400]),
  ask('half a surrogate in the question', '{"question": "what \\ud800 ever"}', [200, 400]),
  ask('what looks like SQL', `{"question": "'; DROP TABLE documents; -- ' | & ! <-> :*"}`, [200]),
  ask('another content type', '<question/>', [400, 415], 'application/xml'),
  ask('a charset that does not exist', '{"question":"x"}', [400, 415], 'application/json; charset=klingon'),
  ask('a body said to be compressed', '{"question":"x"}', [400, 415], 'application/json', ['Content-Encoding: gzip']),
  ask('a huge body', JSON.stringify({ question: 'x'.repeat(300_000) }), [413, 0]),
  raw(
    'a body said to be huge',
    head('POST', '/v1/ask', ['Content-Type: application/json', 'Content-Length: 99999999999']),
    [413],
  ),
  raw(
    'a body said to be huge, by a client that asks first',
    head('POST', '/v1/ask', ['Content-Type: application/json', 'Content-Length: 99999999999', 'Expect: 100-continue']),
    [413, 100],
  ),
  raw(
    'chunks of more than is taken',
    `${head('POST', '/v1/ask', ['Content-Type: application/json', 'Transfer-Encoding: chunked'])}${`4000${LINE}${'x'.repeat(16_384)}${LINE}`.repeat(20)}0${LINE}${LINE}`,
    [413, 0],
  ),
  raw(
    'a chunk of no size',
    `${head('POST', '/v1/ask', ['Content-Type: application/json', 'Transfer-Encoding: chunked'])}zz${LINE}`,
    [400],
  ),
  raw('two lengths', head('POST', '/v1/ask', ['Content-Length: 5', 'Content-Length: 6']), [400]),
  raw('a length and chunks', head('POST', '/v1/ask', ['Content-Length: 5', 'Transfer-Encoding: chunked']), [400]),
  raw('a negative length', head('POST', '/v1/ask', ['Content-Length: -5']), [400]),
  raw('a method that does not exist', head('BREW', '/v1/ask'), [400]),
  ...['PROPFIND', 'TRACE', 'PURGE', 'OPTIONS', 'SEARCH'].map((method) =>
    raw(`the method ${method}`, head(method, '/v1/ask'), [200, 204, 404, 405]),
  ),
  ...['POST', 'DELETE', 'PROPFIND'].map((method) => raw(`${method} of health`, head(method, '/health/live'), [405])),
  raw('a tunnel', `CONNECT example.com:443 HTTP/1.1${LINE}Host: example.com${LINE}${LINE}`, [0, 400, 404, 405]),
  raw('an upgrade', head('GET', '/v1/ask', ['Connection: Upgrade', 'Upgrade: websocket']), [404, 405, 426]),
  raw('a header too long', head('GET', '/v1/answers/x', [`X-Bomb: ${'x'.repeat(64_000)}`]), [431]),
  raw(
    'too many headers',
    head(
      'GET',
      '/v1/answers/x',
      Array.from({ length: 3_000 }, (_, n) => `X-${n}: ${n}`),
    ),
    [431],
  ),
  raw('a cookie of nothing but cookies', head('GET', '/v1/answers/x', [`Cookie: ${'a=b; '.repeat(2_000)}`]), [404]),
  raw('a header with a line feed', `GET / HTTP/1.1\nHost: x\nX: a\u0000b\n\n`, [400]),
  { ...raw('no host', `GET /v1/answers/x HTTP/1.1${LINE}${LINE}`, [400]), bare: true },
  raw('a path too long', head('GET', `/${'a'.repeat(12_000)}`), [404, 414, 431]),
  raw('a path that leaves', head('GET', '/v1/answers/../../../../etc/passwd'), [404]),
  raw('a path with bad escapes', head('GET', '/v1/answers/%zz%00%c0%af'), [400, 404]),
  raw('a path that is a whole address', head('GET', 'http://evil.example/metrics/..'), [404]),
  raw('an old protocol', `GET /${LINE}${LINE}`, [400, 404]),
  raw('another protocol', `PRI * HTTP/2.0${LINE}${LINE}SM${LINE}${LINE}`, [400, 505]),
  raw('a greeting of TLS', Buffer.from('16030100f0010000ec0303a1b2c3d4e5f60718293a4b5c6d7e8f', 'hex'), [400]),
  raw('noise', Buffer.from(Array.from({ length: 512 }, (_, n) => (n * 7_919 + 13) % 256)), [400]),
];

function ask(
  name: string,
  body: string | Buffer,
  right: readonly number[],
  type = 'application/json',
  more: readonly string[] = [],
): HostileRequest {
  const start = head('POST', '/v1/ask', [
    `Content-Type: ${type}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...more,
  ]);
  return { name, bytes: Buffer.concat([Buffer.from(start), Buffer.from(body)]), right };
}

function raw(name: string, bytes: string | Buffer, right: readonly number[]): HostileRequest {
  return { name, bytes, right };
}

function head(method: string, path: string, headers: readonly string[] = []): string {
  return [`${method} ${path} HTTP/1.1`, 'Host: 127.0.0.1', ...headers, '', ''].join(LINE);
}
