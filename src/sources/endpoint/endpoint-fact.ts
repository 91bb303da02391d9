import type { EdgeFacts } from '../../core/edge-facts.ts';
import type { EndpointFacts } from '../../core/endpoint-facts.ts';
import type { Settings } from '../../core/settings.ts';
import type { Client, ClientOptions } from '../http/client.ts';
import type { PinnedAddresses } from '../http/refused-addresses.ts';
import type { Target } from '../http/target.ts';
import type { FoundEndpoint } from './find-endpoint.ts';
import type { Question } from './observe-activity.ts';
import type { LogCapture } from './read-logs.ts';
import type { RunOptions } from './runs/run-options.ts';

export interface EndpointOptions {
  readonly url: string;
  /** What the service is called, where the URL is a way to it and not its name. */
  readonly shown?: string;
  /** The paths as the owner declares them; common ones are tried after them unless `discover` is false. */
  readonly paths: Settings['paths'];
  readonly discover?: boolean;
  /** Sent once, and once more with a malformed body; nothing but GET, HEAD and PROPFIND is sent without it. */
  readonly ask?: Question;
  /** Sent to the service only; their values are hidden wherever the service echoes them. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Where the metrics are, when not below the URL of the service; the credentials of the service are not for that place. */
  readonly metricsUrl?: string;
  /** Asks over HTTP/2 where the server speaks it. */
  readonly http2?: boolean;
  /** Takes any certificate for the requests; the handshake is judged all the same. */
  readonly insecure?: boolean;
  /** Certificates to trust beside the usual ones, in PEM. */
  readonly ca?: string;
  /** Where names lead, whatever the resolver says: the name stays in TLS and in the Host header. */
  readonly resolve?: PinnedAddresses;
  readonly timeoutMs: number;
  readonly deadlineMs: number;
  readonly logs?: LogCapture;
  /** What is done to the service on purpose. */
  readonly runs?: RunOptions;
}

/** Where a fact of an endpoint looks. */
export interface EndpointView {
  readonly options: EndpointOptions;
  readonly target: Target;
  /** Sends bounded requests to the target, out of the one budget of the run. */
  readonly client: Client;
  /** The same where the metrics are below the URL of the service; one that knows no credentials of it where they are elsewhere. */
  readonly metricsClient: Client;
  /** What answered at the liveness path; undefined where nothing did. */
  readonly live: FoundEndpoint | undefined;
  readonly ready: FoundEndpoint | undefined;
  readonly metrics: FoundEndpoint | undefined;
  /** Ends the whole run: its deadline, or the person at the terminal. */
  readonly signal: AbortSignal;
  /** The person at the terminal alone: a run that a person asked for has bounds of its own. */
  readonly interruption: AbortSignal;
  /** A further client of the same target, with a budget of its own; who makes it closes it. */
  newClient(options: NewClientOptions): Client;
  /** The same of whoever serves the metrics. */
  newMetricsClient(options: NewClientOptions): Client;
}

type NewClientOptions = Pick<ClientOptions, 'timeoutMs' | 'signal' | 'requestLimit' | 'connections' | 'budget'>;

type Name = keyof (EndpointFacts & EdgeFacts);

/** A fact that is observed by itself, after all that counts requests: what it sends disturbs no other. */
export interface EndpointFact<Fact extends Name = Name> {
  readonly fact: Fact;
  /** Whether these options ask for it; a fact without this is observed whenever a check wants it. */
  readonly isAsked?: (options: EndpointOptions) => boolean;
  /** Throws RequestFailure where it could not be seen, with the reason. */
  observe(view: EndpointView): Promise<(EndpointFacts & EdgeFacts)[Fact]>;
}

export function defineEndpointFact<Fact extends Name>(fact: EndpointFact<Fact>): EndpointFact {
  return fact as unknown as EndpointFact;
}

/** All that is sent with every request to the service. */
export function headersOf({ target, options }: EndpointView): Readonly<Record<string, string>> {
  return { ...(target.authorization === undefined ? {} : { authorization: target.authorization }), ...options.headers };
}
