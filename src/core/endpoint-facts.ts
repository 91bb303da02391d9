import type { RunFacts } from './run-facts.ts';

/** What a running service tells from outside. */
export interface EndpointFacts extends RunFacts {
  readonly liveEndpoint: HealthExchanges;
  readonly readyEndpoint: HealthExchanges;
  /** The first scrape. */
  readonly metricsEndpoint: Exchange;
  /** Two scrapes with known requests between them. */
  readonly metricsActivity: MetricsActivity;
  /** Answers to requests that a service must refuse: an unknown path, a malformed question. */
  readonly errorAnswers: readonly Exchange[];
  /** The page of metrics, asked for several times at once. */
  readonly concurrentScrapes: readonly Exchange[];
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
  /** Its parts, as far as they are known; a connection that was there already took none of the first three. */
  readonly phasesMs?: {
    readonly resolve?: number;
    readonly connect?: number;
    readonly tls?: number;
    readonly processing?: number;
    readonly transfer?: number;
  };
}

export interface HealthExchanges {
  /** The path that was used: the declared one, or the first common one that answered. */
  readonly path: string;
  /** The paths that were tried before it, with what each answered. */
  readonly passedOver: readonly { readonly path: string; readonly status: number }[];
  /** The same GET, several times over; at least one, unless `unanswered` says why there is none. */
  readonly samples: readonly Exchange[];
  /** The GET that brought no answer while the rest of the service answered; none was sent after it. */
  readonly unanswered?: Unanswered;
  /** Undefined where the request itself broke off. */
  readonly head: Exchange | undefined;
  /** PROPFIND: a method that is defined to be safe, and that no health endpoint serves. */
  readonly oddMethod: Exchange | undefined;
  /** The same asked as the kubelet asks; absent where a snapshot is older than the question. */
  readonly kubelet?: KubeletExchange;
  /** Of readiness, where a dependency was taken away: whether it then said no. */
  readonly turnedWithOutage?: boolean;
}

export interface Unanswered {
  readonly request: string;
  /** A clause without a full stop: `no complete answer came within 5000 ms`. */
  readonly reason: string;
  /** How long an answer was waited for; absent where the connection was broken off. */
  readonly waitedMs?: number;
}

/** A GET over a connection of its own, without the caller's credentials, and the redirects that the kubelet follows. */
export interface KubeletExchange {
  /** At least one; the last is what counts. */
  readonly hops: readonly Exchange[];
  /** Why a redirect of the last hop was not followed. */
  readonly stopped?: 'another host' | 'another port or scheme' | 'too many redirects';
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
