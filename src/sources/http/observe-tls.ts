import { isIP } from 'node:net';
import { type ConnectionOptions, connect, rootCertificates, type SecureVersion, type TLSSocket } from 'node:tls';
import type { TlsHandshake } from '../../core/edge-facts.ts';
import { shapeOfCertificate } from '../certificate-shape.ts';
import type { Via } from './client.ts';
import { observeCiphers } from './observe-ciphers.ts';
import { lookupOf, type PinnedAddresses } from './refused-addresses.ts';
import { describeFailure, RequestFailure } from './request-failure.ts';

type Handshake = Omit<TlsHandshake, 'strictTransportSecurity' | 'plainHttp'>;

export interface HandshakeOptions {
  readonly host: string;
  readonly port: number;
  readonly ca: string | undefined;
  readonly resolve?: PinnedAddresses | undefined;
  /** Where the connection goes instead; the name in the handshake stays. */
  readonly via?: Via | undefined;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** More than any server sends. */
const MOST_CERTIFICATES = 10;

/** Shakes hands with a server and looks at its certificates, accepted or not, then tries the other versions, and weak ciphers. */
export async function observeTls(options: HandshakeOptions): Promise<Handshake> {
  const handshake = await shakeHands(options, { ALPNProtocols: ['h2', 'http/1.1'] }, describeSocket(options));
  const obsoleteProtocols: string[] = [];
  for (const version of ['TLSv1', 'TLSv1.1'] as const)
    if (await accepts(options, version)) obsoleteProtocols.push(version);
  // Of the current versions a server takes the newest that it has.
  const isNewest = handshake.protocol === 'TLSv1.3';
  const suiteOfTls12 = await suiteWith(options, 'TLSv1.2');
  const current = isNewest && suiteOfTls12 !== undefined ? ['TLSv1.2', 'TLSv1.3'] : [handshake.protocol];
  return {
    ...handshake,
    obsoleteProtocols,
    protocols: [...new Set([...obsoleteProtocols, ...current])],
    suiteOfTls12,
    ciphers: await observeCiphers(options),
  };
}

const describeSocket =
  (options: HandshakeOptions) =>
  (socket: TLSSocket): Omit<Handshake, 'obsoleteProtocols'> => {
    const certificate = socket.getPeerCertificate();
    const sent = shapeOfCertificate(certificatesSent(socket), undefined, undefined);
    const validTo = new Date(certificate.valid_to);
    const error = socket.authorized ? undefined : socket.authorizationError;
    return {
      request: requestOf(options),
      authorized: socket.authorized,
      authorizationError:
        error === undefined || error === null ? undefined : String(error instanceof Error ? error.message : error),
      serverName: options.host,
      protocol: socket.getProtocol() ?? 'unknown',
      subjectAltNames: (certificate.subjectaltname ?? '').split(', ').filter((name) => name !== ''),
      issuer: Object.entries(certificate.issuer ?? {})
        .map(([key, value]) => `${key}=${String(value)}`)
        .join(', '),
      validFrom: isoDate(new Date(certificate.valid_from)),
      validTo: isoDate(validTo),
      daysLeft: Math.floor((validTo.getTime() - Date.now()) / 86_400_000),
      ...(sent === undefined ? {} : { certificate: sent }),
      observedAt: new Date().toISOString(),
      applicationProtocol:
        socket.alpnProtocol === false || socket.alpnProtocol === null ? undefined : socket.alpnProtocol,
    };
  };

/** In PEM, as they came: `getPeerCertificate` would put them in order, and add a root of our own. */
function certificatesSent(socket: TLSSocket): string {
  const sent: string[] = [];
  let certificate = socket.getPeerX509Certificate();
  while (certificate !== undefined && sent.length < MOST_CERTIFICATES) {
    sent.push(certificate.toString());
    certificate = certificate.issuerCertificate;
  }
  return sent.join('');
}

async function accepts(options: HandshakeOptions, version: SecureVersion): Promise<boolean> {
  return (await suiteWith(options, version)) !== undefined;
}

/**
 * The suite that the server chooses in a version, undefined where it refuses that. OpenSSL refuses to offer the obsolete versions at
 * its usual security level, so the level is lowered for this one question.
 */
async function suiteWith(options: HandshakeOptions, version: SecureVersion): Promise<string | undefined> {
  try {
    return await shakeHands(
      options,
      { minVersion: version, maxVersion: version, ciphers: 'DEFAULT@SECLEVEL=0' },
      (socket) => socket.getCipher().standardName,
    );
  } catch (error) {
    // Silence is no refusal.
    if (error instanceof RequestFailure && error.kind !== 'slow') return undefined;
    throw error;
  }
}

function requestOf({ host, port, via }: HandshakeOptions): string {
  return `TLS handshake with ${host}:${port}${via === undefined ? '' : ` at ${via.address} port ${via.port}`}`;
}

function shakeHands<T>(
  options: HandshakeOptions,
  versions: Pick<ConnectionOptions, 'minVersion' | 'maxVersion' | 'ciphers' | 'ALPNProtocols'>,
  use: (socket: TLSSocket) => T,
): Promise<T> {
  const { host, port, ca, resolve, via, timeoutMs, signal } = options;
  const request = requestOf(options);
  return new Promise((settle, reject) => {
    const socket = connect({
      host: via?.address ?? host,
      port: via?.port ?? port,
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
