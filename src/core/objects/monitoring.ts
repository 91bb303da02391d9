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
}

export interface PrometheusRule extends KubernetesObject {
  readonly spec?: {
    readonly groups?: readonly {
      readonly rules?: readonly { readonly alert?: string; readonly annotations?: Readonly<Record<string, string>> }[];
    }[];
  };
}
