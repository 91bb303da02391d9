import { randomUUID } from 'node:crypto';
import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { PROBLEM_TYPE, type ProblemKind, problemDetails, sendProblem } from './problem.ts';

/** What cannot even be read as a request, by the code of Node's parser; anything else is a bad request. */
const KINDS: Readonly<Record<string, ProblemKind>> = {
  HPE_HEADER_OVERFLOW: 'headers-too-large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 'content-too-large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request-timeout',
};

/** Answers what no listener for requests ever sees with problem details too, and ends the connection. */
export function answerUnreadable(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  // Where an answer has begun on this connection, a second head would become a part of its body.
  const { _httpMessage: begun } = socket as { readonly _httpMessage?: { readonly headersSent?: boolean } };
  if (begun?.headersSent === true) {
    socket.destroy();
    return;
  }
  const details = problemDetails(KINDS[error.code ?? ''] ?? 'bad-request', {}, randomUUID());
  const body = JSON.stringify(details);
  const head = [
    `HTTP/1.1 ${details.status} ${STATUS_CODES[details.status]}`,
    `Content-Type: ${PROBLEM_TYPE}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Cache-Control: no-store',
    'X-Content-Type-Options: nosniff',
    `X-Request-Id: ${details.requestId}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}

/** Node would answer with no body at all. */
export function answerExpectation(_request: IncomingMessage, response: ServerResponse): void {
  sendProblem(response, 'expectation-failed', { detail: 'Only "Expect: 100-continue" is known.' });
}
