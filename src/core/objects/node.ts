import type { Condition, KubernetesObject } from './common.ts';

export interface Node extends KubernetesObject {
  readonly spec?: { readonly unschedulable?: boolean; readonly taints?: readonly Taint[] };
  readonly status?: { readonly conditions?: readonly Condition[] };
}

export interface Taint {
  readonly key?: string;
  readonly value?: string;
  readonly effect?: string;
}

export interface Toleration {
  /** Every key, where there is none. */
  readonly key?: string;
  /** `Equal` where there is none. */
  readonly operator?: string;
  readonly value?: string;
  /** Every effect, where there is none. */
  readonly effect?: string;
}

export interface StorageClass extends KubernetesObject {
  readonly provisioner?: string;
  readonly allowVolumeExpansion?: boolean;
}
