import type { ObjectDrift } from './drift.ts';
import type { EdgeFacts } from './edge-facts.ts';
import type { EndpointFacts } from './endpoint-facts.ts';
import type { FileFacts } from './file-facts.ts';
import type { InlineWaivers } from './inline-waiver.ts';
import type { Location } from './location.ts';
import type { LogFacts } from './log-facts.ts';
import type { KindFacts, LiveKind } from './objects.ts';
import type { PodEndpointFacts } from './pod-endpoint-facts.ts';
import type { Resource } from './resource.ts';
import type { ClaimUsage } from './volume-facts.ts';

/** What only a live cluster can tell, beside the objects themselves. */
export interface LiveFacts {
  /** Every pod that exists, with its status. */
  readonly pods: readonly Resource<KindFacts['barePods']>[];
  readonly endpointSlices: readonly Resource<KindFacts['endpointSlices']>[];
  readonly events: readonly Resource<KindFacts['events']>[];
  readonly nodes: readonly Resource<KindFacts['nodes']>[];
  readonly persistentVolumes: readonly Resource<KindFacts['persistentVolumes']>[];
  readonly storageClasses: readonly Resource<KindFacts['storageClasses']>[];
  /** The namespaces that were looked at, themselves. */
  readonly namespaces: readonly Resource[];
  /** For each node its architecture, such as `amd64`, as far as nodes may be listed: nobody fails for want of it. */
  readonly nodeArchitectures: Readonly<Record<string, string>>;
  /** How full the claims are that running pods mount. */
  readonly volumeStats: readonly ClaimUsage[];
  /** When the cluster was observed, in ISO 8601. Ages are judged by it, so that a replay says what the recording said. */
  readonly observedAt: string;
  /** Each object that files declare, against the live one; only where a person gave files to compare with. */
  readonly drift: readonly ObjectDrift[];
}

/** Everything that can be observed, by name. A check names what it needs, a source what it provides. */
export type Facts = {
  readonly [K in Exclude<keyof KindFacts, LiveKind>]: readonly Resource<KindFacts[K]>[];
} & LiveFacts &
  FileFacts &
  PodEndpointFacts &
  EndpointFacts &
  EdgeFacts &
  LogFacts;
export type FactName = keyof Facts;

export type { ContainerLog } from './log-facts.ts';
export type { ClaimUsage, Share } from './volume-facts.ts';

export type SourceName = 'files' | 'cluster' | 'endpoint';

/**
 * One fact as a source found it. `incomplete` says that a part could not be read: what was seen is true, what was not
 * found is not thereby absent.
 */
export type Observed<T> =
  | { readonly seen: true; readonly value: T; readonly incomplete?: string }
  | { readonly seen: false; readonly reason: string };

/** Input or a fact that could not be read, with the reason in a sentence. */
export interface NotSeen {
  /** A file, a kind, a request. */
  readonly what: string;
  readonly reason: string;
  readonly where?: Location;
  /** The user's own input is at fault (a broken file), so the run ends with exit code 2. */
  readonly unusable?: boolean;
}

/** The facts of one run of one source. */
export interface Snapshot {
  readonly source: SourceName;
  /** What was looked at: the paths, the context and namespace, the URL. */
  readonly target: string;
  readonly facts: { readonly [K in FactName]?: Observed<Facts[K]> };
  readonly notSeen: readonly NotSeen[];
  /** What the cluster was found to be. */
  readonly detected?: DetectedCluster;
  /** Told before each subject where a run has several snapshots of one source: the context. */
  readonly label?: string;
  /** How the cluster was reached. */
  readonly reach?: Reach;
  /** When the run that observed it began, in ISO 8601: what a cluster was then, it may not be any more. */
  readonly recordedAt?: string;
  /** The endpoints of a service that were judged. */
  readonly endpoints?: readonly ChosenEndpoint[];
  /** How long the observation of an endpoint took. */
  readonly tookMs?: number;
  /** What the comments of the input waive. */
  readonly comments?: InlineWaivers;
}

/** An endpoint that was taken for one of those that a service owes. */
export interface ChosenEndpoint {
  readonly role: 'liveness' | 'readiness' | 'metrics' | 'question';
  /** A path, or the URL where it is elsewhere; of a question all that is sent. */
  readonly subject: string;
  /** A clause without a full stop. */
  readonly why: string;
}

/** How a person reaches the same cluster with kubectl. */
export interface Reach {
  /** Where one was given. */
  readonly kubeconfig?: string;
  /** Where one was given. */
  readonly context?: string;
  readonly namespaces: readonly string[] | 'all';
}

/** A cluster by what it says of itself. */
export interface DetectedCluster {
  /** As the server tells it: `v1.37.2`. */
  readonly version?: string;
  /** Controllers and extensions, known by the API that they bring. */
  readonly addOns: readonly string[];
}

/** Observes facts. A source reads the world and judges nothing. */
export interface Source {
  readonly name: SourceName;
  readonly provides: readonly FactName[];
  /** Observes the wanted facts; each comes back seen or not seen, never missing. Throws UserError where nothing can be observed at all. */
  collect(wanted: ReadonlySet<FactName>, signal: AbortSignal): Promise<Snapshot>;
}
