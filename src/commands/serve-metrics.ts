import { createServer } from 'node:http';
import { isIPv6 } from 'node:net';
import { reasonOf, UserError } from '../core/errors.ts';

export interface ListenAddress {
  readonly host: string;
  /** 0 takes any that is free. */
  readonly port: number;
  readonly path: string;
}

export interface MetricsServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Reads `127.0.0.1:9115/metrics`; host and path may be left out. */
export function parseListen(text: string): ListenAddress {
  const [, bracketed, plain = '', digits = '', path = '/metrics'] =
    /^(?:\[([0-9a-fA-F:.]+)\]|([^:/[\]\s]*)):(\d{1,5})(\/\S*)?$/.exec(text) ?? [];
  const port = Number(digits);
  if (digits === '' || port > 65_535)
    throw new UserError(`--listen ${text} is not of the form HOST:PORT/PATH.`, {
      hint: 'Write it as: --listen 127.0.0.1:9115/metrics.',
    });
  const named = bracketed ?? plain;
  return { host: named === '' ? '127.0.0.1' : named, port, path };
}

/** Serves one page to GET; `page` is undefined as long as there is nothing to tell. */
export async function serveMetrics(
  { host, port, path }: ListenAddress,
  page: () => string | undefined,
): Promise<MetricsServer> {
  const server = createServer((request, response) => {
    response.setHeader('cache-control', 'no-store');
    response.setHeader('content-type', 'text/plain; version=0.0.4; charset=utf-8');
    if (request.method !== 'GET') response.writeHead(405, { allow: 'GET' }).end();
    else if (request.url?.split('?')[0] !== path) response.writeHead(404).end();
    else {
      const text = page();
      // No page is better than an empty one, which would say that all series have ended.
      if (text === undefined) response.writeHead(503, { 'retry-after': '1' }).end();
      else response.end(text);
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) =>
      reject(
        new UserError(`${host}:${port} cannot be listened on: ${reasonOf(cause)}.`, {
          hint: 'Choose another with --listen.',
          cause,
        }),
      ),
    );
    server.listen(port, host, resolve);
  });
  const address = server.address();
  const taken = typeof address === 'object' && address !== null ? address.port : port;
  return {
    url: `http://${isIPv6(host) ? `[${host}]` : host}:${taken}${path}`,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
