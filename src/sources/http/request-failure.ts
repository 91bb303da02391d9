import { UserError } from '../../core/errors.ts';
import { REFUSED_ADDRESS } from './refused-addresses.ts';

/** Why a request brought no usable answer. */
export type FailureKind = 'unreachable' | 'certificate' | 'broken' | 'slow' | 'limit';

/** A request without a usable answer: `reason` is a clause that reads after the request, without a full stop. */
export class RequestFailure extends Error {
  override readonly name = 'RequestFailure';
  readonly kind: FailureKind;
  readonly request: string;
  readonly reason: string;

  constructor(kind: FailureKind, request: string, reason: string, cause?: unknown) {
    super(`${request}: ${reason}`, { cause });
    this.kind = kind;
    this.request = request;
    this.reason = reason;
  }
}

const UNREACHABLE: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused',
  ENOTFOUND: 'the host name does not exist',
  EAI_AGAIN: 'the host name could not be resolved',
  EHOSTUNREACH: 'there is no route to the host',
  ENETUNREACH: 'there is no route to the network',
  ETIMEDOUT: 'the connection was not accepted in time',
  UND_ERR_CONNECT_TIMEOUT: 'the connection was not accepted in time',
  EADDRNOTAVAIL: 'the address cannot be reached from here',
  [REFUSED_ADDRESS]: 'the name leads to a link-local or metadata address, which is never asked',
};

const BROKEN: Readonly<Record<string, string>> = {
  ECONNRESET: 'the server broke the connection off',
  EPIPE: 'the server broke the connection off',
  UND_ERR_SOCKET: 'the server closed the connection before its answer was complete',
  UND_ERR_HEADERS_OVERFLOW: 'the headers of the answer are larger than 16 KiB',
  HPE_HEADER_OVERFLOW: 'the headers of the answer are larger than 16 KiB',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'the body is not as long as its Content-Length says',
};

/** Turns what undici, net or tls threw into a sentence. */
export function describeFailure(request: string, error: unknown): RequestFailure {
  if (error instanceof RequestFailure) return error;
  const codes = codesOf(error);
  for (const code of codes) {
    const unreachable = UNREACHABLE[code];
    if (unreachable !== undefined) return new RequestFailure('unreachable', request, unreachable, error);
  }
  for (const code of codes) {
    if (CERTIFICATE.test(code))
      return new RequestFailure('certificate', request, `the certificate was refused (${code})`, error);
    if (code === 'EPROTO' || code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_'))
      return new RequestFailure(
        'unreachable',
        request,
        `the TLS handshake failed (${code}): perhaps the port does not speak TLS, or only obsolete versions of it`,
        error,
      );
    const broken = BROKEN[code];
    if (broken !== undefined) return new RequestFailure('broken', request, broken, error);
    if (code.startsWith('HPE_'))
      return new RequestFailure('broken', request, `the answer is not valid HTTP (${code})`, error);
    if (code.startsWith('Z_') || code.startsWith('ERR__ERROR_FORMAT'))
      return new RequestFailure('broken', request, 'the compressed body cannot be unpacked', error);
    if (code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT')
      return new RequestFailure('slow', request, 'the answer did not come in time', error);
  }
  return new RequestFailure('broken', request, `the request failed (${codes[0] ?? 'no reason given'})`, error);
}

/**
 * The alert with which a server refused to shake hands, as OpenSSL calls it: it was there, and serves no such name or no current
 * version. Other alerts may only mean that it wants to know who asks.
 */
export function alertOf({ cause }: RequestFailure): string | undefined {
  return codesOf(cause).find((code) =>
    /^ERR_SSL_.*(?:PROTOCOL_VERSION|UNRECOGNIZED_NAME|INTERNAL_ERROR|UNSUPPORTED_PROTOCOL)$/.test(code),
  );
}

/** What a person reads when not even the first request got through. */
export function unreachableError(failure: RequestFailure, shown: string): UserError {
  const hint =
    failure.kind === 'certificate'
      ? 'Mend the certificate, or probe anyway with --insecure.'
      : 'Start the service, or check the host and the port.';
  return new UserError(`${shown} cannot be probed: ${failure.reason}.`, { hint, cause: failure });
}

const CERTIFICATE =
  /^(?:CERT_|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_(?:VERIFY|GET)|ERR_TLS_CERT_|HOSTNAME_MISMATCH|INVALID_(?:CA|PURPOSE)|EE_KEY_TOO_SMALL|CA_(?:KEY_TOO_SMALL|MD_TOO_WEAK))/;

function codesOf(error: unknown): readonly string[] {
  const codes: string[] = [];
  const visit = (each: unknown, depth: number): void => {
    if (typeof each !== 'object' || each === null || depth > 4) return;
    if ('code' in each && typeof each.code === 'string') codes.push(each.code);
    // undici's parser does not always give its errors a code.
    else if ('name' in each && each.name === 'HTTPParserError') codes.push('HPE_INVALID');
    if ('errors' in each && Array.isArray(each.errors)) for (const inner of each.errors) visit(inner, depth + 1);
    if ('cause' in each) visit(each.cause, depth + 1);
  };
  visit(error, 0);
  return codes;
}
