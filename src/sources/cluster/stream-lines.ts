import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { ApiError, transportError } from './api-error.ts';
import { type RefusedAnswer, type TransportOptions, whyEnded } from './transport.ts';

/** More than etcd keeps of one object. */
const MAX_LINE_LENGTH = 16 * 1024 * 1024;
const MAX_REFUSAL_LENGTH = 64 * 1024;

/**
 * GETs an answer that goes on, line by line, until the server ends it or the signal is aborted. Throws ApiError where there is no
 * such answer, where it breaks off, and where nothing comes for `idleMs`: a connection that died in silence looks like a server that
 * has nothing to say. What a refusal is made of, `refuse` decides.
 */
export async function* streamLines(
  { server, request, userAgent, signal }: Omit<TransportOptions, 'timeoutMs'>,
  path: string,
  idleMs: number,
  refuse: (answer: RefusedAnswer) => unknown,
): AsyncGenerator<string> {
  const base = new URL(server);
  const url = new URL(base.pathname.replace(/\/$/, '') + path, base);
  const send = base.protocol === 'http:' ? httpRequest : httpsRequest;
  const headers = { ...request.headers, accept: 'application/json', 'user-agent': userAgent };
  try {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const sent = send(url, { ...request, method: 'GET', headers, signal, timeout: idleMs }, resolve);
      sent.on('timeout', () => sent.destroy(new ApiError(`nothing came for ${idleMs / 1000} s`, { passing: true })));
      sent.on('error', reject);
      sent.end();
    });
    const status = response.statusCode ?? 0;
    if (status !== 200) {
      refuse({ status, headers: response.headers, body: await beginningOf(response) });
      throw new ApiError(`the server answered ${status}`, { status });
    }
    yield* linesOf(response);
  } catch (cause) {
    if (signal.aborted) throw new ApiError(whyEnded(signal), { cause });
    throw cause instanceof ApiError ? cause : transportError(cause);
  }
}

async function* linesOf(response: IncomingMessage): AsyncGenerator<string> {
  let rest = '';
  response.setEncoding('utf8');
  for await (const chunk of response as AsyncIterable<string>) {
    rest += chunk;
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > MAX_LINE_LENGTH) throw new ApiError('a line of the answer never ends');
    for (const line of lines) if (line !== '') yield line;
  }
}

async function beginningOf(response: IncomingMessage): Promise<string> {
  let text = '';
  response.setEncoding('utf8');
  for await (const chunk of response as AsyncIterable<string>) {
    text += chunk;
    if (text.length > MAX_REFUSAL_LENGTH) break;
  }
  return text;
}
