import type { Exchange } from './endpoint-facts.ts';
import type { Observed } from './facts.ts';
import type { Location } from './location.ts';

/** What callers meet before the service: told by a URL, or by the hosts and addresses of a cluster's edge. */
export interface EdgeFacts {
  /** One for each host; none where nothing terminates TLS, and for a local URL without TLS. */
  readonly edgeHandshakes: readonly EdgeHandshake[];
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
}
