import type { KubernetesObject } from './common.ts';

/** Role and ClusterRole. */
export interface Role extends KubernetesObject {
  readonly rules?: readonly PolicyRule[];
  /** A ClusterRole can be the sum of others, which a controller fills in. */
  readonly aggregationRule?: object;
}

export interface PolicyRule {
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
}

/** RoleBinding and ClusterRoleBinding. */
export interface RoleBinding extends KubernetesObject {
  readonly roleRef?: { readonly kind?: string; readonly name?: string };
  readonly subjects?: readonly { readonly kind?: string; readonly name?: string; readonly namespace?: string }[];
}
