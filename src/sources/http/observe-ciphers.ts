import { connect, isIP } from 'node:net';
import type { CipherAnswer, CipherFamily } from '../../core/edge-facts.ts';
import type { Observed } from '../../core/facts.ts';
import { CIPHER_SUITES } from './cipher-suites.ts';
import { clientHello, readServerHello } from './client-hello.ts';
import type { HandshakeOptions } from './observe-tls.ts';
import { lookupOf } from './refused-addresses.ts';

/**
 * Offers a server one family of cipher suites after the other, each over a connection that ends with its first answer. The server
 * must have been seen to shake hands before, so that a connection which it ends is a refusal.
 */
export function observeCiphers(options: HandshakeOptions): Promise<readonly CipherAnswer[]> {
  const families = Object.keys(CIPHER_SUITES) as readonly CipherFamily[];
  return Promise.all(families.map(async (family) => ({ family, accepted: await offer(options, family) })));
}

function offer(
  { host, port, via, resolve, timeoutMs, signal }: HandshakeOptions,
  family: CipherFamily,
): Promise<Observed<string | undefined>> {
  const suites = CIPHER_SUITES[family];
  return new Promise((settle) => {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    const socket = connect({ host: via?.address ?? host, port: via?.port ?? port, lookup: lookupOf(resolve) });
    let received = Buffer.alloc(0);
    let opened = false;
    const end = (answer: Observed<string | undefined>) => {
      limit.removeEventListener('abort', onAbort);
      socket.destroy();
      settle(answer);
    };
    const onAbort = () => end({ seen: false, reason: `no answer came within ${timeoutMs} ms` });
    const onEnd = () =>
      end(opened ? { seen: true, value: undefined } : { seen: false, reason: 'the connection was not accepted' });
    if (limit.aborted) return onAbort();
    limit.addEventListener('abort', onAbort);
    socket.once('connect', () => {
      opened = true;
      socket.write(clientHello(Object.keys(suites).map(Number), isIP(host) === 0 ? host : undefined));
    });
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      const heard = readServerHello(received);
      if (heard.says === 'accepted')
        end({ seen: true, value: suites[heard.suite] ?? `suite 0x${heard.suite.toString(16).padStart(4, '0')}` });
      else if (heard.says === 'refused') end({ seen: true, value: undefined });
      else if (heard.says === 'no TLS') end({ seen: false, reason: 'the answer is no TLS' });
    });
    socket.on('error', onEnd);
    socket.once('close', onEnd);
    return undefined;
  });
}
