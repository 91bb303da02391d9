import type { KubernetesVersion } from './kubernetes-versions.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    cluster: ClusterFacts | undefined;
  }
}

export type Tier = 'given' | 'control-plane' | 'node';

/** What tests need to know of a cluster; plain data, so that it can cross into vitest's workers. */
export interface ClusterFacts {
  readonly tier: Tier;
  /** The version that the harness built; undefined for a given cluster, which says itself what it is. */
  readonly kubernetes: KubernetesVersion | undefined;
  readonly server: string;
  /** The authority's certificate, in PEM. */
  readonly ca: string;
  readonly adminKubeconfig: string;
  /** The program and its first arguments. */
  readonly kubectl: readonly string[];
  /** The run's own folder; files of a test may be written there, and go with it. */
  readonly folder: string;
  /** Bearer tokens by user; only the admin may do anything from the start. */
  readonly tokens: Readonly<Record<string, string>>;
  readonly expired: { readonly certificate: string; readonly key: string } | undefined;
  /** What the node tier adds; undefined in the other tiers. */
  readonly node: NodeFacts | undefined;
}

export interface NodeFacts {
  /** Put before a command, it runs the command where pods and services can be reached. */
  readonly enter: readonly string[];
  /** The admin's kubeconfig for use in there, where loopback is another one. */
  readonly kubeconfig: string;
  /** The node's address in there. */
  readonly address: string;
  /** Connections to this socket are led to the address that their first line names. */
  readonly relaySocket: string;
  /** The folder of the images that the node's registry serves. */
  readonly imageStore: string;
  /** References of the images that are there from the start, by short name. */
  readonly images: Readonly<Record<string, string>>;
}

export interface RunningCluster extends ClusterFacts {
  stop(): Promise<void>;
}
