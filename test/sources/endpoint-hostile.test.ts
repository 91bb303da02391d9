import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { ENDPOINT_FACTS, endpointSource } from '../../src/sources/endpoint/endpoint-source.ts';
import { collect, PATHS, reason, seen } from './endpoint-observed.ts';
import { goodService, httpServer, rawServer } from './endpoint-servers.ts';

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
