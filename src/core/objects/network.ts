import type { Condition, KubernetesObject, LabelSelector } from './common.ts';

export interface Service extends KubernetesObject {
  readonly spec?: {
    readonly type?: string;
    readonly clusterIP?: string;
    readonly selector?: Readonly<Record<string, string>>;
    readonly ports?: readonly ServicePort[];
  };
}

export interface ServicePort {
  readonly name?: string;
  readonly port?: number;
  readonly targetPort?: number | string;
  readonly protocol?: string;
}

export interface EndpointSlice extends KubernetesObject {
  readonly endpoints?: readonly {
    readonly addresses?: readonly string[];
    readonly conditions?: { readonly ready?: boolean };
  }[];
}

export interface Ingress extends KubernetesObject {
  readonly spec?: {
    readonly ingressClassName?: string;
    readonly defaultBackend?: IngressBackend;
    readonly tls?: readonly { readonly hosts?: readonly string[]; readonly secretName?: string }[];
    readonly rules?: readonly {
      readonly host?: string;
      readonly http?: { readonly paths?: readonly { readonly path?: string; readonly backend?: IngressBackend }[] };
    }[];
  };
  readonly status?: {
    readonly loadBalancer?: { readonly ingress?: readonly { readonly ip?: string; readonly hostname?: string }[] };
  };
}

export interface IngressBackend {
  readonly service?: { readonly name?: string; readonly port?: { readonly name?: string; readonly number?: number } };
  readonly resource?: object;
}

export interface IngressClass extends KubernetesObject {
  readonly spec?: { readonly controller?: string };
}

export interface Gateway extends KubernetesObject {
  readonly spec?: {
    readonly gatewayClassName?: string;
    readonly listeners?: readonly {
      readonly name?: string;
      readonly hostname?: string;
      readonly port?: number;
      readonly protocol?: string;
      readonly tls?: {
        readonly mode?: string;
        readonly certificateRefs?: readonly {
          readonly kind?: string;
          readonly name?: string;
          readonly namespace?: string;
        }[];
      };
    }[];
  };
  readonly status?: {
    readonly conditions?: readonly Condition[];
    readonly addresses?: readonly { readonly type?: string; readonly value?: string }[];
    readonly listeners?: readonly { readonly name?: string; readonly conditions?: readonly Condition[] }[];
  };
}

export interface HTTPRoute extends KubernetesObject {
  readonly spec?: {
    readonly parentRefs?: readonly { readonly name?: string; readonly namespace?: string; readonly kind?: string }[];
    readonly hostnames?: readonly string[];
    readonly rules?: readonly {
      readonly backendRefs?: readonly {
        readonly kind?: string;
        readonly name?: string;
        readonly namespace?: string;
        readonly port?: number;
      }[];
      readonly filters?: readonly { readonly type?: string }[];
      readonly timeouts?: { readonly request?: string; readonly backendRequest?: string };
    }[];
  };
}

export interface NetworkPolicy extends KubernetesObject {
  readonly spec?: {
    readonly podSelector?: LabelSelector;
    readonly policyTypes?: readonly string[];
    readonly ingress?: readonly NetworkPolicyRule[];
    readonly egress?: readonly NetworkPolicyRule[];
  };
}

export interface NetworkPolicyRule {
  readonly from?: readonly NetworkPolicyPeer[];
  readonly to?: readonly NetworkPolicyPeer[];
  readonly ports?: readonly {
    readonly port?: number | string;
    readonly endPort?: number;
    readonly protocol?: string;
  }[];
}

export interface NetworkPolicyPeer {
  readonly podSelector?: LabelSelector;
  readonly namespaceSelector?: LabelSelector;
  readonly ipBlock?: { readonly cidr?: string; readonly except?: readonly string[] };
}

export interface Certificate extends KubernetesObject {
  readonly spec?: {
    readonly secretName?: string;
    readonly dnsNames?: readonly string[];
    readonly issuerRef?: { readonly name?: string; readonly kind?: string; readonly group?: string };
  };
  readonly status?: {
    readonly conditions?: readonly Condition[];
    readonly notAfter?: string;
    readonly renewalTime?: string;
    /** Of the last attempt, where that failed; cert-manager takes both back when one succeeds. */
    readonly lastFailureTime?: string;
    readonly failedIssuanceAttempts?: number;
  };
}

/** Issuer and ClusterIssuer of cert-manager. */
export interface Issuer extends KubernetesObject {
  readonly status?: { readonly conditions?: readonly Condition[] };
}
