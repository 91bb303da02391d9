import type { Exchange } from './endpoint-facts.ts';
import type { Observed } from './facts.ts';
import type { Location } from './location.ts';
import type { CertificateShape } from './objects.ts';

/** What callers meet before the service: told by a URL, or by the hosts and addresses of a cluster's edge. */
export interface EdgeFacts {
  /** One for each host; none where nothing terminates TLS, and for a local URL without TLS. */
  readonly edgeHandshakes: readonly EdgeHandshake[];
  readonly httpAnswers: HttpAnswers;
  readonly requestLimits: RequestLimits;
  readonly authentication: Authentication;
}

/** A host that is served over TLS, and what a real handshake with it showed. */
export interface EdgeHandshake {
  readonly host: string;
  /** The object of the cluster that asks for TLS; undefined where a URL named the host. */
  readonly servedBy?: { readonly subject: string; readonly where: Location };
  /** Not seen where no address is known, or none can be reached from where the run is made. */
  readonly handshake: Observed<TlsHandshake>;
  /** The alert with which the server refused to shake hands; an answer too, and not that of a server which cannot be reached. */
  readonly refusal?: string;
}

export interface TlsHandshake {
  /** `TLS handshake with qna.example.com:443`. */
  readonly request: string;
  /** The chain leads to a trusted root and the certificate covers the name. */
  readonly authorized: boolean;
  /** OpenSSL's reason where the chain or the name was refused. */
  readonly authorizationError: string | undefined;
  /** The name that the client asked for. */
  readonly serverName: string;
  /** Such as `TLSv1.3`. */
  readonly protocol: string;
  readonly subjectAltNames: readonly string[];
  readonly issuer: string;
  /** ISO 8601. */
  readonly validFrom: string;
  readonly validTo: string;
  readonly daysLeft: number;
  /** Versions below TLS 1.2 that the server accepted. */
  readonly obsoleteProtocols: readonly string[];
  /** The Strict-Transport-Security header of an answer over TLS. */
  readonly strictTransportSecurity: string | undefined;
  /** What port 80 of the same host answered; undefined where TLS is not spoken on port 443, or port 80 is closed. */
  readonly plainHttp: Exchange | undefined;
  /** The certificates as they were sent, in their order; absent where a snapshot is older than the question, as all that follows. */
  readonly certificate?: CertificateShape;
  /** When the handshake was made, in ISO 8601. */
  readonly observedAt?: string;
  /** Every version that the server accepts, such as `TLSv1.2`. */
  readonly protocols?: readonly string[];
  /** What the server chose of `h2` and `http/1.1`; undefined where it chose neither. */
  readonly applicationProtocol?: string | undefined;
  readonly ciphers?: readonly CipherAnswer[];
  /** The suite, by its IANA name, that a TLS 1.2 client gets which offers all current ones; undefined where TLS 1.2 is refused. */
  readonly suiteOfTls12?: string | undefined;
}

/** Families of cipher suites that no current client needs. */
export type CipherFamily =
  | 'without encryption'
  | 'anonymous'
  | 'export'
  | 'RC4'
  | 'DES and 3DES'
  | 'without forward secrecy'
  | 'CBC';

/** What a server said to a client that offers suites of one family only. */
export interface CipherAnswer {
  readonly family: CipherFamily;
  /** The suite that it accepted, by its IANA name; undefined where it refused them all. */
  readonly accepted: Observed<string | undefined>;
}

/** What a service says to a browser, to a compressing client, and of the version of HTTP. */
export interface HttpAnswers {
  /** One page asked as another origin does, for each origin. */
  readonly crossOrigin: readonly CrossOriginAnswer[];
  /** A page of some length, asked for without compression and with it. */
  readonly compression: { readonly plain: Exchange; readonly packed: Exchange } | undefined;
  /** `h2` or `http/1.1`; undefined without TLS, where nothing is negotiated. */
  readonly version: string | undefined;
  /** HTTP/2 was asked for. */
  readonly wantsHttp2: boolean;
}

export interface CrossOriginAnswer {
  /** The Origin header: of a site that nobody can have allowed, or `null`. */
  readonly origin: string;
  readonly answer: Exchange;
}

/** How a service bounds what it is sent; `asked` is false where the caller did not allow requests that cost something. */
export type RequestLimits =
  | { readonly asked: false }
  | {
      readonly asked: true;
      readonly largeBody: Observed<LargeBodyAnswer>;
      readonly slowBody: Observed<SlowBodyAnswer>;
      readonly largeHeader: Observed<RefusedOr<Exchange>>;
    };

/** Broken off without an answer, which is a refusal too. */
export type RefusedOr<T> = { readonly brokenOff: string } | { readonly answer: T };

export interface LargeBodyAnswer {
  readonly request: string;
  /** In bytes; the body is no JSON, so that it can reach no model. */
  readonly size: number;
  /** How much of it had been handed to the connection when the answer came. */
  readonly sentBytes: number;
  readonly outcome: RefusedOr<Exchange>;
  /** Whether the service answered after a connection that broke off: one that refuses does, one that died of it does not. */
  readonly answersAfter?: boolean;
}

export interface SlowBodyAnswer {
  readonly request: string;
  /** When the server ended it; undefined where it still waited when we went away. */
  readonly endedAfterMs: number | undefined;
  readonly watchedMs: number;
  readonly answer: string | undefined;
}

/** What is answered without the caller's credentials; `given` is false where there are none to leave out. */
export type Authentication =
  | { readonly given: false }
  | {
      readonly given: true;
      /** Undefined where there is no question that may be asked. */
      readonly question: { readonly without: Exchange; readonly wrong: Exchange } | undefined;
      readonly health: readonly Exchange[];
      readonly metrics: Exchange | undefined;
    };
