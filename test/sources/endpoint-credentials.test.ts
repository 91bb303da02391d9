import { describe, expect, it } from 'vitest';
import { collect, seen } from './endpoint-observed.ts';
import { httpServer } from './endpoint-servers.ts';

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
