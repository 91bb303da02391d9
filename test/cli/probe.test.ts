import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Report } from '../../src/core/report.ts';
import { REQUEST_LIMIT } from '../../src/sources/http/client.ts';
import { goodService, httpServer, rawServer } from '../sources/endpoint-servers.ts';
import { type CliWorld, runCli } from './run-cli.ts';

/** A page of 64 MiB. */
const BOMB = gzipSync(Buffer.alloc(64 * 1024 * 1024, 'a 1\n'));
const TOKEN = 'hunter2-token-of-the-environment';

async function report(argv: readonly string[], world: CliWorld = {}) {
  const { stdout, stderr, exitCode } = await runCli(['probe', ...argv, '--report', 'json'], world);
  expect(stderr).toBe('');
  return { ...(JSON.parse(stdout) as Report), exitCode, stdout };
}

describe('--bearer-env', () => {
  it('sends the token of the variable, and tells it nowhere', async () => {
    const sent = new Set<string | undefined>();
    const serve = goodService();
    await using server = await httpServer((request, response) => {
      sent.add(request.headers.authorization);
      response.setHeader('x-echo', request.headers.authorization ?? '');
      serve(request, response);
    });
    const { stdout } = await report([server.url, '--bearer-env', 'QNA_TOKEN'], { env: { QNA_TOKEN: TOKEN } });
    expect(sent).toContain(`Bearer ${TOKEN}`);
    expect(stdout).not.toContain('hunter2');
  });

  it.each([
    ['is not set', {}, [], /The environment variable QNA_TOKEN is not set\./],
    ['is empty', { QNA_TOKEN: ' ' }, [], /The environment variable QNA_TOKEN is empty\./],
    ['holds no token', { QNA_TOKEN: 'hunter2 and\nmore' }, [], /QNA_TOKEN holds something that is no token\./],
    [
      'stands beside a header',
      { QNA_TOKEN: TOKEN },
      ['--header', 'Authorization: Basic x'],
      /--bearer-env and --header Authorization both say who asks\./,
    ],
  ] as const)('is refused where the variable %s', async (_, env, argv, sentence) => {
    const result = await runCli(['probe', 'http://127.0.0.1:9', '--bearer-env', 'QNA_TOKEN', ...argv], { env });
    expect(result.exitCode).toBe(2);
    expect(result.stderr).toMatch(sentence);
    expect(result.stderr + result.stdout).not.toContain('hunter2');
  });
});

describe('--metrics-url', () => {
  it('leads to metrics elsewhere, which get no credential of the service', async () => {
    await using service = await httpServer(goodService());
    const sent: (string | undefined)[] = [];
    await using admin = await httpServer((request, response) => {
      sent.push(request.headers.authorization);
      response.setHeader('content-type', 'text/plain; version=0.0.4');
      response.end('# HELP http_requests_total Requests.\n# TYPE http_requests_total counter\nhttp_requests_total 1\n');
    });
    const { findings, roles } = await report([
      ...[service.url, '--metrics-url', `${admin.url}/admin/prometheus`],
      ...['--header', `Authorization: Bearer ${TOKEN}`],
    ]);
    expect(roles).toContainEqual({
      source: 'endpoint',
      role: 'metrics',
      subject: `${admin.url}/admin/prometheus`,
      why: 'the URL that was given',
    });
    expect(findings.find(({ check }) => check === 'metrics/scrape')).toMatchObject({
      outcome: 'pass',
      where: { request: `GET ${admin.url}/admin/prometheus` },
    });
    expect(service.requests).not.toContain('GET /metrics');
    expect(new Set(sent)).toEqual(new Set([undefined]));
    expect(service.requests.length + admin.requests.length).toBeLessThanOrEqual(REQUEST_LIMIT);
  });

  it('may not lead to a metadata address', async () => {
    const { exitCode, stderr } = await runCli([
      ...['probe', 'http://127.0.0.1:9', '--metrics-url', 'http://169.254.169.254/latest/meta-data'],
    ]);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/link-local or metadata address, which is never asked/);
  });
});

describe('several URLs', () => {
  it('are each judged, and every finding tells which it is about', async () => {
    await using first = await httpServer(goodService());
    await using second = await httpServer((request, response) => {
      if (request.url === '/health/ready') response.writeHead(503).end();
      else goodService()(request, response);
    });
    const { sources, findings, roles } = await report([first.url, second.url, '--only', 'health/ready']);
    expect(sources.map(({ target }) => target)).toEqual([first.url, second.url]);
    expect(findings.filter(({ outcome, severity }) => outcome === 'fail' && severity === 'error')).toMatchObject([
      { subject: `${second.url}: readiness endpoint /health/ready` },
    ]);
    expect(new Set(findings.map(({ subject }) => subject.slice(0, first.url.length)))).toEqual(
      new Set([first.url, second.url]),
    );
    expect(roles.filter(({ role }) => role === 'readiness').map(({ subject }) => subject)).toEqual([
      `${first.url}: /health/ready`,
      `${second.url}: /health/ready`,
    ]);
  });

  it('of which one cannot be reached tell of the others, and end as one that was not', async () => {
    await using first = await httpServer(goodService());
    const { findings, exitCode, sources } = await report([first.url, 'http://127.0.0.1:9', '--only', 'health/ready']);
    expect(exitCode).toBe(2);
    expect(sources[1]?.notSeen[0]?.reason).toMatch(/cannot be probed: the connection was refused/);
    expect(new Set(findings.map(({ outcome }) => outcome))).toContain('pass');
    expect(findings.find(({ outcome }) => outcome === 'unknown')?.subject).toMatch(/^http:\/\/127\.0\.0\.1:9/);
  });

  it.each([
    ['none can be reached', ['http://127.0.0.1:9', 'http://127.0.0.1:10'], /127\.0\.0\.1:9 cannot be probed/],
    ['one of them is none', ['http://127.0.0.1:9', 'nonsense'], /"nonsense" is not a URL/],
    [
      'metrics are told of one',
      ['http://127.0.0.1:9', 'http://127.0.0.1:10', '--metrics-url', 'http://127.0.0.1:11/metrics'],
      /--metrics-url can only be told of one service/,
    ],
  ])('are refused where %s', async (_, argv, sentence) => {
    const { exitCode, stderr } = await runCli(['probe', ...argv]);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(sentence);
  });
});

describe('what was chosen', () => {
  it('is told with the reason, and so is the question that was made up', async () => {
    const serve = goodService();
    const asked: string[] = [];
    await using server = await httpServer((request, response) => {
      if (request.url === '/health/live') return void response.writeHead(404).end();
      if (request.url === '/livez') return void response.end('ok');
      if (request.url === '/ask') request.on('data', (chunk: Buffer) => asked.push(chunk.toString()));
      return serve(request, response);
    });
    const { stdout } = await runCli(['probe', server.url, '--ask', '/ask', '--only', 'health,metrics']);
    expect(stdout).toMatch(/^liveness +\/livez: the declared \/health\/live answered 404$/m);
    expect(stdout).toMatch(/^readiness +\/health\/ready: as declared$/m);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
      'question POST /ask {"question":"What can you help me with?"}: the path that was given, with a body',
    );
    expect(asked[0]).toBe('{"question":"What can you help me with?"}');
  });
});

describe('a hostile server', () => {
  const head = 'HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4\r\n';
  it.each<[string, Parameters<typeof rawServer>[0], RegExp]>([
    ['never answers', () => {}, /no complete answer came within 200 ms/],
    [
      'sends its body drop by drop',
      (socket) => {
        socket.write(`${head}Content-Length: 100000\r\n\r\n`);
        const drip = setInterval(() => socket.write('x'), 20);
        socket.on('close', () => clearInterval(drip));
      },
      /no complete answer came within 200 ms/,
    ],
    [
      'sends a megabyte of headers',
      (socket) => socket.write(`${head}X-Bomb: ${'b'.repeat(1024 * 1024)}\r\n\r\n`),
      /headers of the answer are larger/,
    ],
    [
      'chunks its body wrongly',
      (socket) => socket.end(`${head}Transfer-Encoding: chunked\r\n\r\nzzz\r\na 1\n`),
      /not valid HTTP/,
    ],
    [
      'sends a body without end',
      (socket) => {
        socket.write(`${head}Connection: close\r\n\r\n`);
        const piece = Buffer.alloc(64 * 1024, 'a 1\n');
        const fill = () => {
          while (!socket.destroyed && socket.write(piece)) {}
        };
        socket.on('drain', fill);
        fill();
      },
      /larger than 16 MiB|no complete answer came within 200 ms/,
    ],
    [
      'sends a small body that unpacks to much',
      (socket) => {
        socket.write(`${head}Content-Encoding: gzip\r\nConnection: close\r\nContent-Length: ${BOMB.length}\r\n\r\n`);
        socket.end(BOMB);
      },
      /larger than 16 MiB|no complete answer came within 200 ms/,
    ],
    [
      'resets the connection in the middle of its body',
      (socket) => socket.write(`${head}Content-Length: 500\r\n\r\na 1\n`, () => socket.resetAndDestroy()),
      /broke the connection off|closed the connection before/,
    ],
    ['resets each connection', (socket) => socket.resetAndDestroy(), /broke the connection off/],
    [
      'redirects in a circle',
      (socket) =>
        socket.end('HTTP/1.1 302 Found\r\nConnection: close\r\nLocation: /health/live\r\nContent-Length: 0\r\n\r\n'),
      /redirects in a circle/,
    ],
    [
      'redirects to a metadata address',
      (socket) =>
        socket.end(
          'HTTP/1.1 302 Found\r\nConnection: close\r\nLocation: http://169.254.169.254/latest\r\nContent-Length: 0\r\n\r\n',
        ),
      /redirects to http:\/\/169\.254\.169\.254\/latest, another host/,
    ],
    [
      'sends headers that would be a report of their own',
      (socket) => socket.end(`${head}Set-Cookie: \u001b[2Jx=1\r\nServer: \u001b[31m/1\r\nContent-Length: 0\r\n\r\n`),
      /.*/,
    ],
  ])('that %s ends the whole run within its deadline, in a sentence', async (_, answer, sentence) => {
    await using server = await rawServer(answer);
    const started = performance.now();
    const { exitCode, stdout, stderr } = await runCli([
      ...['probe', server.url, '--ask', '/ask', '--timeout', '0.2', '--deadline', '3', '--verbose'],
      ...['--header', `Authorization: Bearer ${TOKEN}`],
    ]);
    expect(performance.now() - started).toBeLessThan(10_000);
    expect(exitCode).toBeGreaterThan(0);
    const said = `${stdout}${stderr}`;
    expect(said.replaceAll(/\s+/g, ' ')).toMatch(sentence);
    expect(said).not.toMatch(/\n {4}at |hunter2/);
    expect(said).not.toContain('\u001b[2J');
  });
});
