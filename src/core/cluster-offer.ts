/** What a cluster has to choose from. What could not be read, for want of a permission or of the API, is left out. */
export interface ClusterOffer {
  /** As the server tells it: `v1.36.2`. */
  readonly version?: string;
  readonly ingressClasses?: readonly OfferedClass[];
  readonly gatewayClasses?: readonly OfferedClass[];
  readonly storageClasses?: readonly OfferedClass[];
}

export interface OfferedClass {
  readonly name: string;
  /** Taken where nobody names one. */
  readonly isDefault: boolean;
  /** Who serves it, by its own name: `traefik.io/ingress-controller`. */
  readonly controller?: string;
}
