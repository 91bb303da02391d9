import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/core/errors.ts';
import type { FactName, Snapshot } from '../../src/core/facts.ts';
import type { EndpointOptions } from '../../src/sources/endpoint/endpoint-fact.ts';
import { ENDPOINT_FACTS, endpointSource } from '../../src/sources/endpoint/endpoint-source.ts';
import { REQUEST_LIMIT } from '../../src/sources/http/client.ts';
import { goodService, httpServer, httpsServer, rawServer, selfSigned } from './endpoint-servers.ts';

const PATHS = { live: '/health/live', ready: '/health/ready', metrics: '/metrics' };

function collect(
  options: Partial<EndpointOptions> & { readonly url: string },
  wanted: readonly FactName[] = ENDPOINT_FACTS,
): Promise<Snapshot> {
  const source = endpointSource({ paths: PATHS, timeoutMs: 2000, deadlineMs: 10_000, ...options });
  return source.collect(new Set(wanted), new AbortController().signal);
}

/** The value of a fact that must have been seen. */
function seen<K extends FactName>(snapshot: Snapshot, name: K) {
  const fact = snapshot.facts[name];
  if (fact?.seen !== true) throw new Error(`${name} was not seen: ${fact?.reason}`);
  return fact.value;
}

/** The only handshake, which must have been seen. */
function handshake(snapshot: Snapshot) {
  const [first, ...more] = seen(snapshot, 'edgeHandshakes');
  if (first?.handshake.seen !== true || more.length > 0) throw new Error('One handshake was to be seen.');
  return first.handshake.value;
}

function reason(snapshot: Snapshot, name: FactName): string {
  const fact = snapshot.facts[name];
  if (fact === undefined || fact.seen) throw new Error(`${name} was seen`);
  return fact.reason;
}

describe('a service that is well', () => {
  it('is seen in every fact, with requests that change nothing and within the bound', async () => {
    await using server = await httpServer(goodService());
    const snapshot = await collect({ url: server.url });
    expect(snapshot.target).toBe(server.url);
    expect(seen(snapshot, 'liveEndpoint')).toMatchObject({
      path: '/health/live',
      passedOver: [],
      head: { status: 200 },
      oddMethod: { status: 404 },
    });
    expect(seen(snapshot, 'readyEndpoint').samples.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(seen(snapshot, 'metricsEndpoint').headers['content-type']).toContain('version=0.0.4');
    expect(seen(snapshot, 'errorAnswers').map(({ status }) => status)).toEqual([404, 404, 404]);
    expect(seen(snapshot, 'edgeHandshakes')).toEqual([]);
    const { before, after, sent } = seen(snapshot, 'metricsActivity');
    expect(before.body).not.toBe(after.body);
    expect(new Set(sent.map(({ kind }) => kind))).toEqual(new Set(['known', 'unmatched-path', 'odd-method']));
    expect(reason(snapshot, 'logs')).toContain('--logs FILE');
    expect(new Set(server.requests.map((request) => request.split(' ')[0]))).toEqual(
      new Set(['GET', 'HEAD', 'PROPFIND']),
    );
    expect(server.requests.length).toBeLessThanOrEqual(REQUEST_LIMIT);
  });

  it('is asked a question, and a malformed one, where it was given', async () => {
    await using server = await httpServer(goodService());
    const snapshot = await collect({
      url: server.url,
      ask: { method: 'POST', path: '/ask', body: '{"question":"Why?"}' },
    });
    const { sent } = seen(snapshot, 'metricsActivity');
    expect(sent.slice(-2)).toMatchObject([
      { kind: 'question', status: 200 },
      { kind: 'malformed', status: 400 },
    ]);
    expect(seen(snapshot, 'errorAnswers').at(-1)?.status).toBe(400);
  });

  it('tells only what was wanted', async () => {
    await using server = await httpServer(goodService());
    expect(Object.keys((await collect({ url: server.url }, ['liveEndpoint'])).facts)).toEqual(['liveEndpoint']);
  });

  it('is asked below the path of its URL', async () => {
    await using server = await httpServer(goodService());
    await collect({ url: `${server.url}/qna/` }, ['liveEndpoint']);
    expect(server.requests[0]).toBe('GET /qna/health/live');
  });
});

describe('paths', () => {
  it('are found among the common ones where the declared ones do not exist', async () => {
    await using server = await httpServer((request, response) => {
      const known = ['/healthz', '/readyz', '/actuator/prometheus'].includes(request.url ?? '');
      response.statusCode = known ? 200 : 404;
      response.end('ok');
    });
    const snapshot = await collect({ url: server.url });
    expect(seen(snapshot, 'liveEndpoint')).toMatchObject({
      path: '/healthz',
      passedOver: [
        { path: '/health/live', status: 404 },
        { path: '/livez', status: 404 },
      ],
    });
    expect(seen(snapshot, 'readyEndpoint').path).toBe('/readyz');
    expect(seen(snapshot, 'metricsEndpoint').request).toBe(`GET ${server.url}/actuator/prometheus`);
    expect(server.requests.length).toBeLessThanOrEqual(REQUEST_LIMIT);
  });

  it('that exist nowhere are told with the answer of the declared one', async () => {
    await using server = await httpServer((_, response) => {
      response.statusCode = 404;
      response.end();
    });
    const snapshot = await collect({ url: server.url, ask: { method: 'POST', path: '/ask', body: '{}' } });
    expect(seen(snapshot, 'liveEndpoint')).toMatchObject({
      path: '/health/live',
      samples: [{ status: 404 }, {}, {}, {}],
    });
    expect(seen(snapshot, 'metricsEndpoint').status).toBe(404);
    expect(server.requests.length).toBeLessThanOrEqual(REQUEST_LIMIT);
  });

  it('that a web application answers with its page are not taken for endpoints', async () => {
    await using server = await httpServer((request, response) => {
      response.setHeader('content-type', 'text/html');
      response.end(request.url === '/livez' ? 'OK' : '<!DOCTYPE html><html></html>');
    });
    const snapshot = await collect({ url: server.url });
    expect(seen(snapshot, 'liveEndpoint').path).toBe('/livez');
    expect(seen(snapshot, 'readyEndpoint').path).toBe('/health/ready');
  });

  it('are not searched for where the caller named them', async () => {
    await using server = await httpServer((_, response) => {
      response.statusCode = 404;
      response.end();
    });
    await collect({ url: server.url, discover: false }, ['liveEndpoint']);
    expect(server.requests).not.toContain('GET /livez');
  });
});

describe('a URL', () => {
  const wrong: readonly (readonly [string, RegExp])[] = [
    ['nonsense', /"nonsense" is not a URL/],
    ['ftp://127.0.0.1', /over http or https/],
    ['http://127.0.0.1/?token=hunter2', /no query/],
    ['http://169.254.169.254/', /link-local or metadata/],
    ['http://2852039166/', /link-local or metadata/],
    ['http://[::ffff:169.254.169.254]/', /link-local or metadata/],
    ['http://[fe80::1]/', /link-local or metadata/],
    ['http://[fd00:ec2::254]/', /link-local or metadata/],
    ['http://user:hunter2@', /is not a URL/],
  ];
  it.each(wrong)('%s is refused in a sentence without its secrets', (url, message) => {
    const refuse = () => endpointSource({ url, paths: PATHS, timeoutMs: 1, deadlineMs: 1 });
    expect(refuse).toThrow(UserError);
    expect(refuse).toThrow(message);
    expect(refuse).not.toThrow(/hunter2/);
  });

  it('behind which nothing listens is refused with the reason', async () => {
    const server = await httpServer(() => {});
    await server[Symbol.asyncDispose]();
    await expect(collect({ url: server.url })).rejects.toThrow(/cannot be probed: the connection was refused\.$/);
  });

  it('whose host does not exist is refused with the reason', async () => {
    await expect(collect({ url: 'http://qna-ready.invalid' })).rejects.toThrow(/cannot be probed: the host name/);
  });

  it('that says https where plain HTTP is spoken is refused with the reason', async () => {
    await using server = await httpServer(goodService());
    await expect(collect({ url: server.url.replace('http:', 'https:') })).rejects.toThrow(/TLS handshake failed/);
  });
});

describe('a hostile server', () => {
  const head = 'HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4\r\n';
  const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024, 'a 1\n'));
  const hostile: readonly (readonly [string, RegExp, Parameters<typeof rawServer>[0]])[] = [
    ['never answers', /no complete answer came within 300 ms/, () => {}],
    [
      'sends its headers drop by drop',
      /no complete answer came within 300 ms/,
      (socket) => {
        socket.write('HTTP/1.1 200 OK\r\nX-Slow: ');
        const drip = setInterval(() => socket.write('x'), 20);
        socket.on('close', () => clearInterval(drip));
      },
    ],
    [
      'sends its body drop by drop',
      /no complete answer came within 300 ms/,
      (socket) => {
        socket.write(`${head}Content-Length: 100000\r\n\r\n`);
        const drip = setInterval(() => socket.write('x'), 20);
        socket.on('close', () => clearInterval(drip));
      },
    ],
    [
      'breaks the connection off',
      /broke the connection off|closed the connection/,
      (socket) => socket.resetAndDestroy(),
    ],
    [
      'closes before the body is complete',
      /closed the connection before/,
      (socket) => socket.end(`${head}Content-Length: 500\r\n\r\na 1\n`),
    ],
    [
      'chunks its body wrongly',
      /not valid HTTP/,
      (socket) => socket.end(`${head}Transfer-Encoding: chunked\r\n\r\nzzz\r\na 1\n`),
    ],
    ['answers with something else than HTTP', /not valid HTTP/, (socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n')],
    [
      'sends a megabyte of headers',
      /headers of the answer are larger/,
      (socket) => socket.write(`${head}X-Bomb: ${'b'.repeat(1024 * 1024)}\r\n\r\n`),
    ],
    [
      'sends a small body that unpacks to gigabytes',
      /larger than 16 MiB/,
      (socket) => {
        socket.write(`${head}Content-Encoding: gzip\r\nContent-Length: ${bomb.length}\r\n\r\n`);
        socket.write(bomb);
      },
    ],
    [
      'sends a body that is not what it says',
      /cannot be unpacked/,
      (socket) => socket.end(`${head}Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\na 1\n`),
    ],
  ];
  it.each(hostile)('that %s ends in a sentence', async (_, sentence, answer) => {
    await using server = await rawServer(answer);
    const started = performance.now();
    const snapshot = await collect({ url: server.url, timeoutMs: 300, deadlineMs: 5000 });
    expect(performance.now() - started).toBeLessThan(6000);
    expect(reason(snapshot, 'metricsEndpoint')).toMatch(sentence);
    expect(reason(snapshot, 'metricsActivity')).toMatch(sentence);
    expect(snapshot.notSeen.length).toBeGreaterThan(0);
  });

  it('that never stops sending is cut off at the limit', async () => {
    await using server = await httpServer((request, response) => {
      // The body of an answer to HEAD is thrown away, so writing it would never wait.
      if (request.method === 'HEAD') return void response.end();
      const chunk = Buffer.alloc(256 * 1024, 'a 1\n');
      const fill = () => {
        while (!response.destroyed && response.write(chunk)) {}
      };
      response.on('drain', fill);
      fill();
    });
    const snapshot = await collect({ url: server.url, timeoutMs: 5000 });
    expect(seen(snapshot, 'liveEndpoint').samples[0]).toMatchObject({ truncated: true, status: 200 });
    expect(reason(snapshot, 'metricsEndpoint')).toMatch(/larger than 16 MiB/);
  });

  it('cannot hold the run beyond its deadline', async () => {
    await using server = await rawServer(() => {});
    const started = performance.now();
    const snapshot = await collect({ url: server.url, timeoutMs: 60_000, deadlineMs: 250 });
    expect(performance.now() - started).toBeLessThan(5000);
    expect(reason(snapshot, 'liveEndpoint')).toMatch(/time for the whole run/);
    expect(reason(snapshot, 'metricsEndpoint')).toMatch(/time for the whole run/);
  });

  it('cannot hold the run after the person has ended it', async () => {
    await using server = await rawServer(() => {});
    const source = endpointSource({ url: server.url, paths: PATHS, timeoutMs: 60_000, deadlineMs: 60_000 });
    const snapshot = await source.collect(new Set(ENDPOINT_FACTS), AbortSignal.timeout(100));
    expect(reason(snapshot, 'readyEndpoint')).toMatch(/time for the whole run/);
  });
});

describe('a redirect', () => {
  it('is told and never followed, so no credential leaves for another host', async () => {
    await using other = await httpServer(goodService());
    await using server = await httpServer((_, response) => {
      response.writeHead(302, { location: `${other.url}/elsewhere` });
      response.end();
    });
    const snapshot = await collect({ url: server.url, headers: { authorization: 'Bearer hunter2-hunter2' } });
    expect(seen(snapshot, 'liveEndpoint').samples[0]).toMatchObject({
      status: 302,
      headers: { location: `${other.url}/elsewhere` },
    });
    expect(other.requests).toEqual([]);
  });
});

describe('a credential', () => {
  const echo: Parameters<typeof httpServer>[0] = (request, response) => {
    response.setHeader('x-echo', request.headers.authorization ?? '');
    response.setHeader('set-cookie', 'session=hunter2cookie; HttpOnly');
    response.end(`you sent ${request.headers.authorization} and I am at postgres://qna:hunter2own@db/qna`);
  };

  it('from a header is sent, and shown nowhere, even where the service echoes it', async () => {
    await using server = await httpServer(echo);
    const snapshot = await collect({ url: server.url, headers: { authorization: 'Bearer hunter2header' } });
    expect(seen(snapshot, 'liveEndpoint').samples[0]?.body).toBe(
      'you sent [hidden:credential] and I am at postgres://qna:[hidden:password-in-url]@db/qna',
    );
    expect(JSON.stringify(snapshot)).not.toContain('hunter2');
    expect(JSON.stringify(snapshot)).toContain('session=[hidden:cookie]; HttpOnly');
  });

  it('from the URL is sent, and shown nowhere', async () => {
    await using server = await httpServer(echo);
    const snapshot = await collect({ url: server.url.replace('//', '//bob:hunter2url@') });
    expect(seen(snapshot, 'liveEndpoint').samples[0]?.body).toContain('you sent [hidden:credential]');
    expect(snapshot.target).toBe(server.url);
    expect(JSON.stringify(snapshot)).not.toMatch(/hunter2|bob/);
  });
});

describe('TLS', () => {
  const certificate = selfSigned('IP:127.0.0.1');

  it('with a certificate of nobody known is judged, and nothing else is asked', async () => {
    await using server = await httpsServer({ ...certificate }, goodService());
    const snapshot = await collect({ url: server.url });
    expect(handshake(snapshot)).toMatchObject({
      authorized: false,
      authorizationError: 'DEPTH_ZERO_SELF_SIGNED_CERT',
      protocol: 'TLSv1.3',
      subjectAltNames: ['IP Address:127.0.0.1'],
      daysLeft: 29,
      obsoleteProtocols: [],
    });
    expect(reason(snapshot, 'liveEndpoint')).toMatch(/certificate was refused/);
    expect(server.requests).toEqual([]);
  });

  it('with a bad certificate ends the run where the handshake is not judged', async () => {
    await using server = await httpsServer({ ...certificate }, goodService());
    await expect(collect({ url: server.url }, ['liveEndpoint'])).rejects.toThrow(/certificate was refused/);
  });

  it('is probed all the same where the person accepts any certificate', async () => {
    await using server = await httpsServer({ ...certificate }, goodService());
    const snapshot = await collect({ url: server.url, insecure: true });
    expect(seen(snapshot, 'liveEndpoint').samples[0]?.status).toBe(200);
    expect(handshake(snapshot).authorized).toBe(false);
  });

  it('with a certificate that is trusted is authorised, and HSTS is read', async () => {
    await using server = await httpsServer({ ...certificate }, (request, response) => {
      response.setHeader('strict-transport-security', 'max-age=31536000');
      goodService()(request, response);
    });
    const snapshot = await collect({ url: server.url, ca: certificate.cert });
    expect(handshake(snapshot)).toMatchObject({
      authorized: true,
      strictTransportSecurity: 'max-age=31536000',
      plainHttp: undefined,
    });
    expect(seen(snapshot, 'readyEndpoint').samples[0]?.status).toBe(200);
  });

  it('with a certificate for another name is not authorised', async () => {
    const other = selfSigned('DNS:other.example');
    await using server = await httpsServer({ ...other }, goodService());
    const snapshot = await collect({ url: server.url, ca: other.cert }, ['edgeHandshakes']);
    expect(handshake(snapshot)).toMatchObject({
      authorized: false,
      authorizationError: 'ERR_TLS_CERT_ALTNAME_INVALID',
    });
  });

  it('in obsolete versions is noticed', async () => {
    await using server = await httpsServer(
      { ...certificate, minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' },
      goodService(),
    );
    const snapshot = await collect({ url: server.url }, ['edgeHandshakes']);
    expect(handshake(snapshot).obsoleteProtocols).toEqual(['TLSv1', 'TLSv1.1']);
  });
});

describe('captured logs', () => {
  const logs = (text: string) => ({ logs: { name: 'qna.log', read: () => Promise.resolve(text) } });

  it('are taken apart into streams, without what collectors put before the lines', async () => {
    const text = [
      '[pod/qna-1/api] {"level":"info","msg":"a"}',
      '[pod/qna-2/api] 2026-11-23T10:00:00.123456789Z {"level":"info","msg":"b"}',
      '2026-11-23T10:00:00.1Z stdout P {"level":"info",',
      '2026-11-23T10:00:00.1Z stdout F "msg":"c"}',
      '',
      'plain {"password":"hunter2hunter2"}',
    ].join('\r\n');
    const snapshot = await collect({ url: 'http://127.0.0.1:9', ...logs(text) }, ['logs']);
    expect(seen(snapshot, 'logs')).toEqual([
      { subject: 'Pod qna-1/api', lines: ['{"level":"info","msg":"a"}'] },
      { subject: 'Pod qna-2/api', lines: ['{"level":"info","msg":"b"}'] },
      { subject: 'log file qna.log', lines: ['{"level":"info","msg":"c"}', 'plain {"password":"[hidden:password]"}'] },
    ]);
  });

  it('that cannot be read are the person’s own input, and not seen', async () => {
    const snapshot = await collect(
      { url: 'http://127.0.0.1:9', logs: { name: 'qna.log', read: () => Promise.reject(new Error('no such file')) } },
      ['logs'],
    );
    expect(reason(snapshot, 'logs')).toBe('qna.log: no such file');
    expect(snapshot.notSeen).toEqual([{ what: 'qna.log', reason: 'no such file', unusable: true }]);
  });
});
