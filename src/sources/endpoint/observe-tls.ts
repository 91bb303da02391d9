import { isIP } from 'node:net';
import { connect, rootCertificates, type SecureVersion, type TLSSocket } from 'node:tls';
import type { TlsHandshake } from '../../core/endpoint-facts.ts';
import { lookupOf, type PinnedAddresses } from './refused-addresses.ts';
import { describeFailure, RequestFailure } from './request-failure.ts';

type Handshake = Omit<TlsHandshake, 'strictTransportSecurity' | 'plainHttp'>;

export interface HandshakeOptions {
  readonly host: string;
  readonly port: number;
  readonly ca: string | undefined;
  readonly resolve: PinnedAddresses | undefined;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Shakes hands with a server and looks at its certificate, accepted or not, then tries the obsolete versions. */
export async function observeTls(options: HandshakeOptions): Promise<Handshake> {
  const handshake = await shakeHands(options, {}, describeSocket(options));
  const obsoleteProtocols: string[] = [];
  for (const version of ['TLSv1', 'TLSv1.1'] as const)
    if (await accepts(options, version)) obsoleteProtocols.push(version);
  return { ...handshake, obsoleteProtocols };
}

const describeSocket =
  ({ host, port }: HandshakeOptions) =>
  (socket: TLSSocket): Omit<Handshake, 'obsoleteProtocols'> => {
    const certificate = socket.getPeerCertificate();
    const validTo = new Date(certificate.valid_to);
    const error = socket.authorized ? undefined : socket.authorizationError;
    return {
      request: `TLS handshake with ${host}:${port}`,
      authorized: socket.authorized,
      authorizationError:
        error === undefined || error === null ? undefined : String(error instanceof Error ? error.message : error),
      serverName: host,
      protocol: socket.getProtocol() ?? 'unknown',
      subjectAltNames: (certificate.subjectaltname ?? '').split(', ').filter((name) => name !== ''),
      issuer: Object.entries(certificate.issuer ?? {})
        .map(([key, value]) => `${key}=${String(value)}`)
        .join(', '),
      validFrom: isoDate(new Date(certificate.valid_from)),
      validTo: isoDate(validTo),
      daysLeft: Math.floor((validTo.getTime() - Date.now()) / 86_400_000),
    };
  };

/** OpenSSL refuses to offer the obsolete versions at its usual security level, so the level is lowered for this one question. */
async function accepts(options: HandshakeOptions, version: SecureVersion): Promise<boolean> {
  try {
    return await shakeHands(
      options,
      { minVersion: version, maxVersion: version, ciphers: 'DEFAULT@SECLEVEL=0' },
      () => true,
    );
  } catch (error) {
    if (error instanceof RequestFailure) return false;
    throw error;
  }
}

function shakeHands<T>(
  { host, port, ca, resolve, timeoutMs, signal }: HandshakeOptions,
  versions: { readonly minVersion?: SecureVersion; readonly maxVersion?: SecureVersion; readonly ciphers?: string },
  use: (socket: TLSSocket) => T,
): Promise<T> {
  const request = `TLS handshake with ${host}:${port}`;
  return new Promise((settle, reject) => {
    const socket = connect({
      host,
      port,
      rejectUnauthorized: false,
      lookup: lookupOf(resolve),
      ...(isIP(host) === 0 ? { servername: host } : {}),
      ...(ca === undefined ? {} : { ca: [...rootCertificates, ca] }),
      ...versions,
    });
    const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    const fail = (failure: RequestFailure) => {
      limit.removeEventListener('abort', onAbort);
      socket.destroy();
      reject(failure);
    };
    const onAbort = () => fail(new RequestFailure('slow', request, `it was not complete within ${timeoutMs} ms`));
    if (limit.aborted) return onAbort();
    limit.addEventListener('abort', onAbort);
    socket.on('error', (error) => fail(describeFailure(request, error)));
    socket.once('close', () => fail(new RequestFailure('broken', request, 'the server broke the connection off')));
    socket.once('secureConnect', () => {
      limit.removeEventListener('abort', onAbort);
      try {
        settle(use(socket));
      } finally {
        socket.destroy();
      }
    });
    return undefined;
  });
}

function isoDate(date: Date): string {
  return Number.isNaN(date.getTime()) ? 'unknown' : date.toISOString();
}
