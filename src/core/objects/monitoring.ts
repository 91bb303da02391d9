import type { KubernetesObject, LabelSelector } from './common.ts';

/** ServiceMonitor and PodMonitor. */
export interface Monitor extends KubernetesObject {
  readonly spec?: {
    readonly selector?: LabelSelector;
    readonly namespaceSelector?: { readonly any?: boolean; readonly matchNames?: readonly string[] };
    readonly endpoints?: readonly MonitorEndpoint[];
    readonly podMetricsEndpoints?: readonly MonitorEndpoint[];
  };
}

export interface MonitorEndpoint {
  readonly port?: string;
  readonly targetPort?: number | string;
  readonly path?: string;
  /** Such as `https`. */
  readonly scheme?: string;
  readonly params?: Readonly<Record<string, readonly string[]>>;
  readonly authorization?: object;
  readonly basicAuth?: object;
  readonly oauth2?: object;
  readonly bearerTokenSecret?: object;
}

export interface PrometheusRule extends KubernetesObject {
  readonly spec?: {
    readonly groups?: readonly {
      readonly rules?: readonly { readonly alert?: string; readonly annotations?: Readonly<Record<string, string>> }[];
    }[];
  };
}
