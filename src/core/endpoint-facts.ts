/** What a running service tells from outside. */
export interface EndpointFacts {
  readonly liveEndpoint: HealthExchanges;
  readonly readyEndpoint: HealthExchanges;
  /** The first scrape. */
  readonly metricsEndpoint: Exchange;
  /** Two scrapes with known requests between them. */
  readonly metricsActivity: MetricsActivity;
  /** Undefined for a URL without TLS on a loopback or private address; the edge is judged elsewhere then. */
  readonly tlsHandshake: TlsHandshake | undefined;
  /** Lines that the service wrote, where a file of them was given. */
  readonly logLines: readonly string[];
}

/** One request and what came back. */
export interface Exchange {
  /** `GET http://127.0.0.1:8080/health/live`, without credentials. */
  readonly request: string;
  readonly status: number;
  /** Lower-case names; repeated headers joined by a comma. */
  readonly headers: Readonly<Record<string, string>>;
  /** At most the source's byte limit; `truncated` says that there was more. */
  readonly body: string;
  readonly truncated: boolean;
  readonly durationMs: number;
}

export interface HealthExchanges {
  /** The same GET, several times over. */
  readonly samples: readonly Exchange[];
  readonly head: Exchange;
  readonly post: Exchange;
}

export interface MetricsActivity {
  readonly before: Exchange;
  readonly after: Exchange;
  /** What was sent between the scrapes. */
  readonly sent: readonly SentRequest[];
}

export interface SentRequest {
  readonly kind: 'known' | 'unmatched-path' | 'odd-method' | 'question';
  readonly method: string;
  readonly path: string;
  readonly status: number;
}

export interface TlsHandshake {
  readonly request: string;
  readonly authorized: boolean;
  /** OpenSSL's reason where the chain or the name was refused. */
  readonly authorizationError: string | undefined;
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
}
