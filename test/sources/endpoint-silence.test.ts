import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { collect, reason, seen } from './endpoint-observed.ts';
import { goodService, httpServer } from './endpoint-servers.ts';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

const serve = goodService();
const except =
  (path: string, handle: Handler): Handler =>
  (request, response) =>
    request.url === path ? handle(request, response) : serve(request, response);

describe('a health endpoint without an answer', () => {
  it('is seen to be silent while the others answer', async () => {
    await using server = await httpServer(except('/health/live', () => {}));
    const snapshot = await collect({ url: server.url, timeoutMs: 300 }, ['liveEndpoint', 'readyEndpoint']);
    expect(seen(snapshot, 'liveEndpoint')).toMatchObject({
      samples: [],
      unanswered: { request: `GET ${server.url}/health/live`, waitedMs: 300 },
    });
    expect(seen(snapshot, 'readyEndpoint').unanswered).toBeUndefined();
  });

  it('is seen to break off, after answers too', async () => {
    let asked = 0;
    await using server = await httpServer(
      except('/health/ready', (request, response) => {
        asked++;
        if (asked > 2) request.socket.destroy();
        else serve(request, response);
      }),
    );
    const { samples, unanswered } = seen(await collect({ url: server.url }, ['readyEndpoint']), 'readyEndpoint');
    expect(samples.map(({ status }) => status)).toEqual([200, 200]);
    expect(unanswered?.waitedMs).toBeUndefined();
  });

  it('is not known where nothing else answers either, or where the run was over first', async () => {
    await using deaf = await httpServer(() => {});
    expect(reason(await collect({ url: deaf.url, timeoutMs: 100 }, ['readyEndpoint']), 'readyEndpoint')).toMatch(
      /no complete answer came within 100 ms/,
    );
    await using server = await httpServer(except('/health/ready', () => {}));
    expect(reason(await collect({ url: server.url, deadlineMs: 500 }, ['readyEndpoint']), 'readyEndpoint')).toMatch(
      /the time for the whole run was over/,
    );
  });
});
