import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { healthLiveCheck } from '../../src/checks/health/live/check.ts';
import { healthReadyCheck } from '../../src/checks/health/ready/check.ts';
import type { Check } from '../../src/core/check.ts';
import { runChecks } from '../../src/core/run-checks.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../src/core/settings.ts';
import type { EndpointOptions } from '../../src/sources/endpoint/endpoint-fact.ts';
import { REQUEST_LIMIT } from '../../src/sources/http/client.ts';
import { collect, seen } from './endpoint-observed.ts';
import { goodService, httpServer } from './endpoint-servers.ts';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

async function said(
  handler: Handler,
  {
    check = healthLiveCheck,
    settings = DEFAULT_SETTINGS,
    ...options
  }: Partial<EndpointOptions> & {
    readonly check?: Check;
    readonly settings?: Settings;
  } = {},
) {
  await using server = await httpServer(handler);
  const snapshot = await collect({ url: server.url, ...options }, check.needs);
  const lines = [...runChecks([check], [snapshot], settings)]
    .filter(({ outcome }) => outcome !== 'pass')
    .map(({ severity, subject, message }) => `${severity} ${subject}: ${message}`);
  return { lines, requests: server.requests };
}

const redirecting =
  (to: (url: string) => string | undefined): Handler =>
  (request, response) => {
    const location = to(request.url ?? '');
    response.setHeader('cache-control', 'no-store');
    if (location === undefined) response.end('{"status":"pass"}');
    else response.writeHead(302, { location }).end();
  };

describe('the kubelet', () => {
  it('is imitated: its name, no credentials, a connection of its own', async () => {
    const asked: IncomingMessage['headers'][] = [];
    const serve = goodService();
    await using server = await httpServer((request, response) => {
      if (request.headers['user-agent']?.startsWith('kube-probe/') === true) asked.push(request.headers);
      serve(request, response);
    });
    const snapshot = await collect({ url: server.url, headers: { authorization: 'Bearer hunter2hunter2' } });
    expect(seen(snapshot, 'liveEndpoint').kubelet?.hops).toMatchObject([{ status: 200 }]);
    expect(asked).toHaveLength(2);
    for (const headers of asked) {
      expect(headers).toMatchObject({ accept: '*/*', connection: 'close' });
      expect(headers.authorization).toBeUndefined();
    }
  });

  it('follows a redirect within the host, which is a note', async () => {
    const { lines } = await said(redirecting((url) => (url === '/health/live' ? '/health/live/?now' : undefined)));
    expect(lines).toEqual([
      expect.stringMatching(
        /^note liveness probe of the kubelet: .*redirects to \/health\/live\/\?now, and there all is well/,
      ),
    ]);
  });

  it.each([
    [
      'another host',
      () => 'http://elsewhere.example/',
      /^warning .*another host: the kubelet follows no such redirect/,
    ],
    [
      'the metadata address',
      () => 'http://169.254.169.254/latest/meta-data/',
      /^warning .*redirects to http:\/\/169\.254\.169\.254\/latest\/meta-data\/, another host/,
    ],
    [
      'another port',
      () => 'http://127.0.0.1:1/',
      /^warning .*where nothing listens there, .* restarted after about 30 s/,
    ],
    ['itself', (url: string) => url, /^error .*redirects in a circle.*restarted after about 30 s/],
  ] as const)('and who redirects to %s', async (_, to, sentence) => {
    const { lines, requests } = await said(redirecting(to));
    expect(lines).toEqual([expect.stringMatching(sentence)]);
    expect(requests.length).toBeLessThanOrEqual(REQUEST_LIMIT);
  });

  it('is refused where an endpoint wants credentials', async () => {
    const serve = goodService();
    const { lines } = await said(
      (request, response) =>
        request.headers.authorization === undefined ? response.writeHead(401).end() : serve(request, response),
      { headers: { authorization: 'Bearer hunter2hunter2' } },
    );
    expect(lines).toContainEqual(
      expect.stringMatching(
        /^error .*The kubelet, which has no credentials, is answered 401: .* restarted after about 30 s/,
      ),
    );
  });

  it.each([
    [
      DEFAULT_SETTINGS,
      /with a period of 10 s, a threshold of 3 and a timeout of 1 s, .* taken out of its Services after about 30 s/,
    ],
    [
      { ...DEFAULT_SETTINGS, probes: { periodSeconds: 5, timeoutSeconds: 2, failureThreshold: 2 } },
      /with a period of 5 s, a threshold of 2 and a timeout of 2 s, .* taken out of its Services after about 10 s/,
    ],
  ])('takes a pod that is not ready out in a time that the probes tell', async (settings, sentence) => {
    const { lines } = await said((_, response) => response.writeHead(503).end('{"status":"fail"}'), {
      check: healthReadyCheck,
      settings,
    });
    expect(lines).toEqual([expect.stringMatching(sentence)]);
  });

  it('gives up on an answer that takes longer than its timeout', async () => {
    const settings = { ...DEFAULT_SETTINGS, probes: { ...DEFAULT_SETTINGS.probes, timeoutSeconds: 0.05 } };
    const serve = goodService();
    const { lines } = await said((request, response) => void setTimeout(() => serve(request, response), 80), {
      settings,
    });
    expect(lines).toContainEqual(
      expect.stringMatching(/^error liveness probe of the kubelet: .* took .* ms: .* restarted/),
    );
  });
});

describe('a body', () => {
  it.each([
    ['health+json', '{"status":"pass"}', 503],
    ['Spring Actuator', '{"status":"UP","components":{"db":{"status":"UP"}}}', 503],
    ['MicroProfile', '{"status":"DOWN","checks":[{"name":"db","status":"DOWN"}]}', 200],
    ["Kubernetes' verbose text", '[+]ping ok\n[-]db failed: reason withheld\nreadyz check failed', 200],
    ['terminus', '{"status":"error","info":{},"error":{"database":{"status":"down"}},"details":{}}', 200],
  ])('in the convention of %s that contradicts its status code is told', async (_, body, status) => {
    const { lines } = await said((__, response) => response.writeHead(status).end(body), { check: healthReadyCheck });
    expect(lines).toContainEqual(expect.stringMatching(/readiness endpoint body: The body says/));
  });
});
