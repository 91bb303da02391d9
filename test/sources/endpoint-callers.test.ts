import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { httpAuthenticationCheck } from '../../src/checks/http/authentication/check.ts';
import { httpLimitsCheck } from '../../src/checks/http/limits/check.ts';
import { runChecks } from '../../src/core/run-checks.ts';
import { DEFAULT_SETTINGS } from '../../src/core/settings.ts';
import type { EndpointOptions } from '../../src/sources/endpoint/endpoint-fact.ts';
import { requestLimitsFact } from '../../src/sources/endpoint/request-limits.ts';
import { collect, seen } from './endpoint-observed.ts';
import { goodService, httpServer, rawServer, type TestServer } from './endpoint-servers.ts';

const ASK = { method: 'POST', path: '/ask', body: '{"question":"Why?"}' };

async function said(server: TestServer, check = httpLimitsCheck, options: Partial<EndpointOptions> = {}) {
  const snapshot = await collect({ url: server.url, ask: ASK, ...options }, check.needs);
  return [...runChecks([check], [snapshot], DEFAULT_SETTINGS)].map(
    ({ outcome, severity, subject, message, observed }) =>
      `${outcome} ${severity} ${subject}: ${message}${observed === undefined ? '' : ` (${observed})`}`,
  );
}

/** Answers `/ask` in a way of its own, and all else as a good service does. */
function answering(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const serve = goodService();
  return (request: IncomingMessage, response: ServerResponse) =>
    request.url === '/ask' ? answer(request, response) : serve(request, response);
}

/** Reads the whole body, and then answers. */
const reading = (status: number) =>
  answering((request, response) => {
    request.on('end', () => response.writeHead(status).end()).resume();
  });

/** Answers a question, and waits for the rest of what is longer. */
const silentToMuch = answering((request, response) => {
  if (Number(request.headers['content-length']) < 1000) response.end('{}');
});

describe('a large body', () => {
  it('that is refused as too large is as it should be', async () => {
    await using server = await httpServer(
      answering((request, response) => {
        const isLarge = Number(request.headers['content-length']) > 100_000;
        response.writeHead(isLarge ? 413 : 400, { connection: 'close' }).end();
      }),
    );
    expect((await said(server))[0]).toMatch(
      /^pass warning large body: .*status 413 after|^pass .*breaks a large body off/,
    );
  });

  it.each([
    [200, /^fail warning large body: A large body is taken in/],
    [400, /^fail note large body: All of a large body was taken in before it was refused with 400/],
    [502, /^fail error large body: A large body brings the service to answer 502/],
    [401, /^unknown warning large body: The answer was 401, which says nothing of the size/],
  ] as const)('that is read to its end and answered %i is told', async (status, sentence) => {
    await using server = await httpServer(reading(status));
    expect((await said(server))[0]).toMatch(sentence);
  });

  it('at which the server ends the connection is refused too', async () => {
    await using server = await httpServer(answering((request) => request.once('data', () => request.socket.destroy())));
    expect((await said(server))[0]).toMatch(/^pass warning large body: The server breaks a large body off/);
  });

  it('of which the service dies is told', async () => {
    await using server = await httpServer(
      answering((request, response) => {
        if (Number(request.headers['content-length']) < 5000) return void response.end('{}');
        const dying = Reflect.get(request.socket, 'server') as Server;
        dying.close();
        return dying.closeAllConnections();
      }),
    );
    const lines = await said(server, httpLimitsCheck, { timeoutMs: 500 });
    expect(lines[0]).toMatch(/^fail error large body: After a large body the service answers no more/);
  });

  it('that is never answered is not known', async () => {
    await using server = await httpServer(silentToMuch);
    expect((await said(server, httpLimitsCheck, { timeoutMs: 300 }))[0]).toMatch(
      /^unknown .*no complete answer came within 300 ms/,
    );
  });

  it('holds nothing that a model could be asked', async () => {
    const bodies: string[] = [];
    await using server = await httpServer(
      answering((request, response) => {
        const chunks: Buffer[] = [];
        request.on('data', (chunk: Buffer) => chunks.push(chunk));
        request.on('end', () => {
          bodies.push(Buffer.concat(chunks).toString());
          response.writeHead(400).end();
        });
      }),
    );
    await collect({ url: server.url, ask: ASK }, ['requestLimits']);
    const [large = ''] = bodies.filter(({ length }) => length > 1_000_000);
    expect(large).toHaveLength(8 * 1024 * 1024);
    expect(() => JSON.parse(large)).toThrow();
  });
});

describe('a slow body', () => {
  it('that the server ends is as it should be', async () => {
    await using server = await httpServer(
      answering((_, response) => response.writeHead(408, { connection: 'close' }).end()),
    );
    expect((await said(server))[1]).toMatch(/^pass warning slow body: .*HTTP\/1\.1 408 after \d+ ms/);
  });

  it('for which the server still waits is not known', async () => {
    await using server = await httpServer(silentToMuch);
    expect((await said(server, httpLimitsCheck, { timeoutMs: 400 }))[1]).toMatch(
      /^unknown note slow body: The server still waited for a slow body after 400 ms/,
    );
  });

  it('that is answered before it has come is told', async () => {
    await using server = await httpServer(answering((_, response) => response.end('{}')));
    expect((await said(server))[1]).toMatch(/^fail warning slow body: .* answered with 200/);
  });
});

describe('a large header', () => {
  it('is refused by a server with a limit', async () => {
    await using server = await httpServer(reading(413));
    expect((await said(server))[2]).toMatch(/^pass warning large header: /);
  });

  it('that is taken in is told', async () => {
    await using server = await rawServer((socket) => {
      const answer = () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
      answer();
      socket.on('data', answer);
    });
    const view = { url: server.url, ask: ASK, timeoutMs: 500 };
    const limits = seen(await collect(view, [requestLimitsFact.fact]), 'requestLimits');
    expect(limits).toMatchObject({ largeHeader: { value: { answer: { status: 200 } } } });
  });
});

describe('without a question', () => {
  it('nothing large or slow is sent, and no method but GET, HEAD and PROPFIND', async () => {
    await using server = await httpServer(goodService());
    const snapshot = await collect({ url: server.url, headers: { authorization: 'Bearer a-token-of-a-test' } });
    expect(seen(snapshot, 'requestLimits')).toEqual({ asked: false });
    expect(new Set(server.requests.map((request) => request.split(' ')[0]))).toEqual(
      new Set(['GET', 'HEAD', 'PROPFIND']),
    );
  });
});

describe('credentials', () => {
  const TOKEN = 'Bearer the-token-of-a-test';
  const guarded = (isAllowed: (authorization: string | undefined) => boolean) => {
    const serve = goodService();
    return (request: IncomingMessage, response: ServerResponse) => {
      if (request.url !== '/ask' || isAllowed(request.headers.authorization)) return serve(request, response);
      request.resume();
      response.writeHead(401, { 'www-authenticate': 'Bearer' }).end();
    };
  };
  const options = { headers: { authorization: TOKEN, 'x-tenant': 'blue' } };

  it('that are looked at, and not by probes, are as they should be', async () => {
    const tenants = new Set<unknown>();
    const serve = guarded((authorization) => authorization === TOKEN);
    await using server = await httpServer((request, response) => {
      if (request.url === '/ask') tenants.add(request.headers['x-tenant']);
      serve(request, response);
    });
    const lines = await said(server, httpAuthenticationCheck, options);
    expect(lines.filter((line) => !line.startsWith('pass'))).toEqual([]);
    expect(lines).toHaveLength(6);
    expect(tenants).toEqual(new Set(['blue']));
  });

  it.each([
    ['nobody', () => true, /^fail error a question without credentials: .* is answered/],
    [
      'only whether there are some',
      (authorization: string | undefined) => authorization !== undefined,
      /^fail error a question with wrong credentials: .* is answered/,
    ],
  ] as const)('at which %s looks are told', async (_, isAllowed, sentence) => {
    await using server = await httpServer(guarded(isAllowed));
    expect(await said(server, httpAuthenticationCheck, options)).toContainEqual(expect.stringMatching(sentence));
  });

  it('that probes need are told', async () => {
    const serve = goodService();
    await using server = await httpServer((request, response) =>
      request.headers.authorization === TOKEN ? serve(request, response) : response.writeHead(401).end(),
    );
    expect(await said(server, httpAuthenticationCheck, options)).toContainEqual(
      expect.stringMatching(/^fail error GET .*\/health\/live without credentials: The endpoint demands credentials/),
    );
  });

  it('from the URL are left out and replaced too', async () => {
    const sent: (string | undefined)[] = [];
    await using server = await httpServer(
      answering((request, response) => {
        sent.push(request.headers.authorization);
        request.resume();
        response.writeHead(403).end();
      }),
    );
    const url = server.url.replace('//', '//bob:hunter2url@');
    await collect({ url, ask: ASK }, ['authentication']);
    const right = `Basic ${Buffer.from('bob:hunter2url').toString('base64')}`;
    const wrong = sent.filter((each) => each !== undefined && each !== right);
    expect(sent).toContain(right);
    expect(sent).toContain(undefined);
    expect(Buffer.from(wrong[0]?.slice('Basic '.length) ?? '', 'base64').toString()).toMatch(/^qna-ready:/);
  });

  it('in a cookie are replaced under the same name', async () => {
    const sent: (string | undefined)[] = [];
    await using server = await httpServer(
      answering((request, response) => {
        sent.push(request.headers.cookie);
        request.resume();
        response.writeHead(403).end();
      }),
    );
    await collect({ url: server.url, ask: ASK, headers: { cookie: 'sid=hunter2; theme=dark' } }, ['authentication']);
    expect(sent).toContainEqual(expect.stringMatching(/^sid=qna-ready-[0-9a-f]+; theme=qna-ready-/));
  });

  it('that were not given make the question one of nobody', async () => {
    await using server = await httpServer(goodService());
    expect(await said(server, httpAuthenticationCheck)).toEqual([expect.stringMatching(/^not-applicable/)]);
  });
});
