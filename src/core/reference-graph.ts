/** Which objects refer to which, of one thing that was looked at. */
export interface ReferenceGraph {
  /** What was looked at, as its source names it. */
  readonly title: string;
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  /** How many further objects are part of it and left out, so that it can be drawn. */
  readonly omitted: number;
}

export interface GraphNode {
  /** `Deployment prod/qna`; for pods that are selected and not there, `pods app=qna`. */
  readonly ref: string;
  readonly kind: string;
  /** The parts that it plays in the service under review, such as `database`. */
  readonly role?: string;
  readonly state: GraphState;
}

export interface GraphEdge {
  /** The `ref` of a node. */
  readonly from: string;
  readonly to: string;
  /** A verb: `reads`, `mounts`, `selects`, `leads to`. */
  readonly kind: string;
  /** Whether what is referred to is there. */
  readonly state: GraphState;
}

/** `unknown` where objects of the kind could not be seen, or lie where nobody looked. */
export type GraphState = 'there' | 'missing' | 'unknown';
