import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/core/errors.ts';
import { endpointSource } from '../../src/sources/endpoint/endpoint-source.ts';
import { REQUEST_LIMIT } from '../../src/sources/http/client.ts';
import { collect, PATHS, reason, seen } from './endpoint-observed.ts';
import { goodService, httpServer } from './endpoint-servers.ts';

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
