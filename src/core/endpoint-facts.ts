/** What a running service tells from outside. */
export interface EndpointFacts {
  readonly liveEndpoint: HealthExchanges;
  readonly readyEndpoint: HealthExchanges;
  /** The first scrape. */
  readonly metricsEndpoint: Exchange;
  /** Two scrapes with known requests between them. */
  readonly metricsActivity: MetricsActivity;
  /** Answers to requests that a service must refuse: an unknown path, a malformed question. */
  readonly errorAnswers: readonly Exchange[];
  /** Undefined for a URL without TLS on a loopback or private address; the edge is judged elsewhere then. */
  readonly tlsHandshake: TlsHandshake | undefined;
}

/** One request and what came back. */
export interface Exchange {
  /** `GET http://127.0.0.1:8080/health/live`, without credentials. */
  readonly request: string;
  readonly status: number;
  /** Lower-case names; repeated headers joined by a comma. */
  readonly headers: Readonly<Record<string, string>>;
  /** Decompressed, at most the source's byte limit; `truncated` says that there was more. */
  readonly body: string;
  readonly truncated: boolean;
  readonly durationMs: number;
}

export interface HealthExchanges {
  /** The path that was used: the declared one, or the first common one that answered. */
  readonly path: string;
  /** The paths that were tried before it, with what each answered. */
  readonly passedOver: readonly { readonly path: string; readonly status: number }[];
  /** The same GET, several times over; at least one. */
  readonly samples: readonly Exchange[];
  /** Undefined where the request itself broke off. */
  readonly head: Exchange | undefined;
  /** PROPFIND: a method that is defined to be safe, and that no health endpoint serves. */
  readonly oddMethod: Exchange | undefined;
}

export interface MetricsActivity {
  readonly before: Exchange;
  /** Of the process that answered before, where a balancer could be brought to lead to it again. */
  readonly after: Exchange;
  /** The same of other replicas that a balancer led to: the requests between were spread over all of them. */
  readonly replicas?: readonly { readonly before: Exchange; readonly after: Exchange }[];
  /** What was sent between the scrapes, the scrapes themselves left out. */
  readonly sent: readonly SentRequest[];
}

export interface SentRequest {
  /** `question` is the caller's own request, `malformed` the same with a body that no service can accept. */
  readonly kind: 'known' | 'unmatched-path' | 'odd-method' | 'question' | 'malformed';
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly durationMs: number;
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
  /** What port 80 of the same host answered; undefined where the URL names another port than 443 or port 80 is closed. */
  readonly plainHttp: Exchange | undefined;
}
