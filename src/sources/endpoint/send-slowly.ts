import { connect as connectPlainly, isIP, type Socket } from 'node:net';
import { connect as connectSecurely, rootCertificates } from 'node:tls';
import type { SlowBodyAnswer } from '../../core/edge-facts.ts';
import { lookupOf, type PinnedAddresses } from '../http/refused-addresses.ts';
import { describeFailure, RequestFailure } from '../http/request-failure.ts';
import type { Target } from '../http/target.ts';

export interface SlowRequest {
  readonly target: Target;
  readonly method: string;
  readonly path: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly ca: string | undefined;
  readonly insecure: boolean;
  readonly resolve: PinnedAddresses | undefined;
  /** So long at most the connection is held open. */
  readonly watchedMs: number;
  readonly signal: AbortSignal;
}

const DRIP_MS = 250;
const DECLARED_BYTES = 4096;

/**
 * Sends the head of a request and then a byte of its body now and then, until the server ends it or `watchedMs` are over.
 */
export function sendSlowly(request: SlowRequest): Promise<SlowBodyAnswer> {
  const { target, method, path, watchedMs, signal } = request;
  const shown = `${method} ${target.shown}${path} (slow body)`;
  return new Promise((settle, reject) => {
    const started = performance.now();
    const socket = open(request);
    const done = (endedAfterMs: number | undefined) => {
      signal.removeEventListener('abort', onAbort);
      clearInterval(drip);
      clearTimeout(watch);
      socket.destroy();
      settle({ request: shown, endedAfterMs, watchedMs, answer: statusLineOf(received) });
    };
    const fail = (failure: RequestFailure) => {
      signal.removeEventListener('abort', onAbort);
      clearInterval(drip);
      clearTimeout(watch);
      socket.destroy();
      reject(failure);
    };
    const elapsed = () => Math.round(performance.now() - started);
    const onAbort = () => fail(new RequestFailure('slow', shown, 'the time for the whole run was over'));
    let received = '';
    let opened = false;
    const drip = setInterval(() => {
      if (opened) socket.write(' ');
    }, DRIP_MS);
    const watch = setTimeout(
      () =>
        opened ? done(undefined) : fail(new RequestFailure('slow', shown, 'the connection was not accepted in time')),
      watchedMs,
    );
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort);
    socket.once(target.secure ? 'secureConnect' : 'connect', () => {
      opened = true;
      socket.write(headOf(request));
    });
    socket.on('data', (chunk: Buffer) => {
      received += chunk.toString('latin1');
      // An interim answer (100 Continue) ends nothing.
      if (/^HTTP\/1\.[01] [2-5]\d\d/.test(received)) done(elapsed());
    });
    socket.once('close', () => done(elapsed()));
    socket.on('error', (error) => (opened ? done(elapsed()) : fail(describeFailure(shown, error))));
    return undefined;
  });
}

function open({ target, ca, insecure, resolve }: SlowRequest): Socket {
  const { host, port, secure } = target;
  const to = { host, port, lookup: lookupOf(resolve) };
  if (!secure) return connectPlainly(to);
  return connectSecurely({
    ...to,
    rejectUnauthorized: !insecure,
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ...(ca === undefined ? {} : { ca: [...rootCertificates, ca] }),
  });
}

function headOf({ target, method, path, headers }: SlowRequest): string {
  const all = {
    host: new URL(target.origin).host,
    'user-agent': 'qna-ready',
    ...headers,
    'content-length': String(DECLARED_BYTES),
    connection: 'close',
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return [`${method} ${target.basePath}${path} HTTP/1.1`, ...lines, '', '{'].join('\r\n');
}

function statusLineOf(received: string): string | undefined {
  return /^HTTP\/1\.[01] \d{3}/.exec(received)?.[0];
}
