/** What the service wrote while it ran: told by a cluster, or by a file of captured lines beside an endpoint. */
export interface LogFacts {
  /** The lines of each stream; a secret in a line is replaced by its mark, see `maskSecrets`. */
  readonly logs: readonly ContainerLog[];
}

/** One stream of lines: a container's, or a file's. */
export interface ContainerLog {
  /** `Pod prod/qna-7d4b9 container api`, or `log file qna.log`. */
  readonly subject: string;
  readonly lines: readonly string[];
  /** Which lines these are, where that is known: `the last 10 minutes`. */
  readonly span?: string;
  /** The image that wrote them, where that is known: not every program in a namespace is ours to ask for JSON. */
  readonly image?: string;
  /** Where the lines were read after requests of our own: what those brought, by which their lines can be found. */
  readonly ownRequests?: OwnRequests;
}

export interface OwnRequests {
  /** Of the header traceparent that each of them carried. */
  readonly traceId: string;
  /** Paths that nobody else asks for. */
  readonly paths: readonly string[];
}
