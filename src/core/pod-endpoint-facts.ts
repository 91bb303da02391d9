import type { Exchange } from './endpoint-facts.ts';
import type { Observed } from './facts.ts';

/** What the pods of a cluster answer, each for itself: asked through the API server's proxy, not through a Service. */
export interface PodEndpointFacts {
  /** What the HTTP probes of the running pods ask for. */
  readonly podHealth: readonly PodHealth[];
  /** The pages of metrics of the running pods. */
  readonly podMetrics: readonly PodMetrics[];
}

/** One path of one container, and what came back. */
interface PodEndpoint {
  /** `Pod prod/qna-7d4b9`. */
  readonly pod: string;
  readonly container: string;
  /** Not seen where the API server refused to ask, or could not reach the pod. An error that the pod answers is an answer. */
  readonly answer: Observed<Exchange>;
  /** The API server would have asked, and did not get through to the pod in time. */
  readonly unreachable: boolean;
}

export type ProbeKind = 'liveness' | 'readiness' | 'startup';

export interface PodHealth extends PodEndpoint {
  /** The probes that ask for this path. */
  readonly probes: readonly ProbeKind[];
  /** How long the kubelet waits for it, by the least patient of these probes. */
  readonly timeoutMs: number;
  /** What the way to the API server alone took, just before: no part of what the kubelet would measure. */
  readonly roundTripMs: number;
  /** Headers that the probe sends and this request did not; a pod may have refused it for that. */
  readonly headersLeftOut: readonly string[];
}

export interface PodMetrics extends PodEndpoint {
  /** What says that the page is there: `ServiceMonitor prod/qna`, `prometheus.io/scrape`; undefined where it was only guessed. */
  readonly declaredBy: string | undefined;
}
