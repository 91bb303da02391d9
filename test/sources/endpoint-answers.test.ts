import type { IncomingMessage, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { httpCompressionCheck } from '../../src/checks/http/compression/check.ts';
import { httpCookiesCheck } from '../../src/checks/http/cookies/check.ts';
import { httpCrossOriginCheck } from '../../src/checks/http/cross-origin/check.ts';
import { httpErrorsCheck } from '../../src/checks/http/errors/check.ts';
import type { Check } from '../../src/core/check.ts';
import { runChecks } from '../../src/core/run-checks.ts';
import { DEFAULT_SETTINGS } from '../../src/core/settings.ts';
import { collect } from './endpoint-observed.ts';
import { goodService, httpServer } from './endpoint-servers.ts';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

async function said(check: Check, handler: Handler) {
  await using server = await httpServer(handler);
  const snapshot = await collect({ url: server.url }, check.needs);
  return [...runChecks([check], [snapshot], DEFAULT_SETTINGS)].map(
    ({ outcome, subject, message, observed }) => `${outcome} ${subject}: ${message} (${observed})`,
  );
}

/** Does something of its own before a good service answers. */
function beginning(first: Handler): Handler {
  const serve = goodService();
  return (request, response) => {
    first(request, response);
    if (!response.writableEnded) serve(request, response);
  };
}

describe('compression', () => {
  const page = Buffer.from(`# HELP up Up.\n# TYPE up gauge\nup 1\n${'# a comment\n'.repeat(4000)}`);
  const serving = (headers: Readonly<Record<string, string>>, body: Buffer, always = false): Handler =>
    beginning((request, response) => {
      if (request.url !== '/metrics') return;
      response.setHeader('content-type', 'text/plain; version=0.0.4');
      const packs = always || String(request.headers['accept-encoding']).includes('gzip');
      if (packs) response.writeHead(200, headers).end(body);
      else response.end(page);
    });
  const GZIP = { 'content-encoding': 'gzip', vary: 'Accept-Encoding' };

  it.each<[string, Handler, readonly string[]]>([
    ['that is done as it should be passes', serving(GZIP, gzipSync(page)), []],
    [
      'against the wish of the client is told',
      serving(GZIP, gzipSync(page), true),
      ['fail a client without compression'],
    ],
    ['without Vary is told', serving({ 'content-encoding': 'gzip' }, gzipSync(page)), ['fail Vary']],
    ['done twice is told', serving(GZIP, gzipSync(gzipSync(page))), ['fail a client with compression']],
    [
      'done twice, and said so, is told',
      serving({ ...GZIP, 'content-encoding': 'gzip, gzip' }, gzipSync(gzipSync(page))),
      ['fail a client with compression'],
    ],
    ['that is not done is told', serving({}, page), ['fail a client with compression']],
  ])('%s', async (_, handler, expected) => {
    const lines = await said(httpCompressionCheck, handler);
    expect(lines.filter((line) => !line.startsWith('pass')).map((line) => line.replace(/:.*/, ''))).toEqual(expected);
  });
});

describe('scripts of other sites', () => {
  it.each<[string, Handler, readonly string[]]>([
    ['are kept out by a service that says nothing', goodService(), []],
    [
      'are kept out by a service that names its own front end',
      beginning((_, response) => response.setHeader('access-control-allow-origin', 'https://chat.example.com')),
      [],
    ],
    [
      'are let in by a star',
      beginning((_, response) => response.setHeader('access-control-allow-origin', '*')),
      ['fail an unknown Origin', 'fail Origin'],
    ],
    [
      'are let in by a repetition of their origin',
      beginning((request, response) => {
        response.setHeader('access-control-allow-origin', request.headers.origin ?? '');
        response.setHeader('access-control-allow-credentials', 'true');
      }),
      ['fail an unknown Origin', 'fail Origin'],
    ],
  ])('%s', async (_, handler, expected) => {
    const lines = await said(httpCrossOriginCheck, handler);
    expect(lines.filter((line) => !line.startsWith('pass')).map((line) => line.replace(/:.*/, ''))).toEqual(expected);
  });
});

describe('a question that is asked by GET', () => {
  it('is not asked again as another origin', async () => {
    await using server = await httpServer(goodService());
    await collect({ url: server.url, ask: { method: 'GET', path: '/ask?q=why' } }, ['httpAnswers']);
    expect(server.requests.filter((request) => request === 'GET /ask?q=why')).toHaveLength(1);
  });
});

describe('cookies', () => {
  it('are told by their names, each once, and never by their values', async () => {
    const lines = await said(
      httpCookiesCheck,
      beginning((_, response) =>
        response.setHeader('set-cookie', [
          'sid=hunter2hunter2; Path=/; Expires=Wed, 21 Oct 2026 07:28:00 GMT; HttpOnly; SameSite=Lax',
          'theme=hunter2dark; Path=/',
        ]),
      ),
    );
    expect(lines).toEqual([
      expect.stringMatching(/^pass cookie sid: /),
      expect.stringMatching(/^fail cookie theme: The cookie lacks HttpOnly and SameSite\./),
    ]);
    expect(lines.join()).not.toContain('hunter2');
  });
});

describe('errors', () => {
  it('that are a web page are told', async () => {
    const lines = await said(
      httpErrorsCheck,
      beginning((request, response) => {
        if (!request.url?.startsWith('/qna-ready-')) return;
        response.writeHead(404, { 'content-type': 'text/html' }).end('<!DOCTYPE html><pre>Cannot GET</pre>');
      }),
    );
    expect(lines).toEqual([expect.stringMatching(/^fail GET .*\/\(unknown path\): A program gets a web page/)]);
  });
});
