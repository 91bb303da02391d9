import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer, type ServerOptions } from 'node:https';
import {
  type AddressInfo,
  createServer as createSocketServer,
  type Socket,
  type Server as SocketServer,
} from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

export interface TestServer {
  readonly url: string;
  readonly port: number;
  /** `GET /health/live`, in the order of arrival. */
  readonly requests: readonly string[];
  [Symbol.asyncDispose](): Promise<void>;
}

/** A plain HTTP server on a free port of the loopback. */
export function httpServer(handler: Handler): Promise<TestServer> {
  const requests: string[] = [];
  return listen(createServer(noting(requests, handler)), 'http', requests);
}

export function httpsServer(options: ServerOptions, handler: Handler): Promise<TestServer> {
  const requests: string[] = [];
  return listen(createSecureServer(options, noting(requests, handler)), 'https', requests);
}

/** A server below HTTP: `answer` gets each connection once its first bytes have come. */
export function rawServer(answer: (socket: Socket) => void): Promise<TestServer> {
  const server = createSocketServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => answer(socket));
  });
  return listen(server, 'http', []);
}

/** A service as it should be. With `start` its metrics tell when its process began, as most do. */
export function goodService(start?: number): Handler {
  let counted = 0;
  return (request, response) => {
    const get = request.method === 'GET' || request.method === 'HEAD';
    if (request.url === '/metrics') {
      response.setHeader('content-type', 'text/plain; version=0.0.4; charset=utf-8');
      response.end(
        `# HELP http_requests_total Requests.\n# TYPE http_requests_total counter\nhttp_requests_total{route="all",status="200"} ${counted}\n${start === undefined ? '' : `# HELP process_start_time_seconds Start.\n# TYPE process_start_time_seconds gauge\nprocess_start_time_seconds ${start}\n`}`,
      );
      return;
    }
    counted++;
    if (get && (request.url === '/health/live' || request.url === '/health/ready')) {
      response.setHeader('content-type', 'application/health+json');
      response.end('{"status":"pass"}');
    } else if (request.method === 'POST' && request.url === '/ask') {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        response.statusCode = Buffer.concat(chunks).toString().endsWith('}') ? 200 : 400;
        response.end('{}');
      });
    } else {
      response.statusCode = 404;
      response.end('{"title":"Not Found"}');
    }
  };
}

export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** A self-signed certificate for one name or address. */
export function selfSigned(subjectAltName: string): Certificate {
  const folder = mkdtempSync(join(tmpdir(), 'qna-ready-certificate-'));
  try {
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    execFileSync(
      'openssl',
      [
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:prime256v1',
        '-nodes',
        '-days',
        '30',
        '-subj',
        '/CN=qna-ready test',
        '-addext',
        `subjectAltName=${subjectAltName}`,
        '-keyout',
        key,
        '-out',
        cert,
      ],
      { stdio: 'ignore' },
    );
    return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function noting(requests: string[], handler: Handler): Handler {
  return (request, response) => {
    requests.push(`${request.method} ${request.url}`);
    response.on('error', () => {});
    handler(request, response);
  };
}

async function listen(server: Server | SocketServer, scheme: string, requests: readonly string[]): Promise<TestServer> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `${scheme}://127.0.0.1:${port}`,
    port,
    requests,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
