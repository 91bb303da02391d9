/** What the owner of a service can say about it; every field has a default, so no configuration is needed. */
export interface Settings {
  /** The service's paths, as its owner declares them. */
  readonly paths: { readonly live: string; readonly ready: string; readonly metrics: string };
  /** Names of settings that must reach the service from a Secret, such as `OPENAI_API_KEY`. */
  readonly requiredSecretKeys: readonly string[];
  /** Registries that images may come from, with or without the beginning of a path; empty where any may. */
  readonly registries: readonly string[];
  /** Names of settings that are no credentials, whatever they look like. */
  readonly notCredentials: readonly string[];
  /** Other names under which a setting is known here. */
  readonly aliases: {
    /** What the service reads instead of PORT. */
    readonly port: readonly string[];
    /** What bounds an answer, or a call to the provider. */
    readonly deadline: readonly string[];
    /** What limits the tokens or the cost of an answer. */
    readonly budget: readonly string[];
  };
  /** Objects that play a role, by name, where detection is wrong. */
  readonly roles: RoleSettings;
  /** The longest answer that the service may give, in seconds: drains and proxies must wait for it. */
  readonly longestAnswerSeconds: number;
  /** How old the last successful backup may be, in hours: the recovery point objective. */
  readonly backupMaxAgeHours: number;
  /** How the kubelet probes the service, where its manifest does not say otherwise. */
  readonly probes: ProbeSettings;
  /** The same as manifests or a cluster declare it, where they were looked at beside the service. */
  readonly declaredProbes?: { readonly liveness?: ProbeSettings; readonly readiness?: ProbeSettings };
  /** Certificates with fewer days left than this are reported. */
  readonly certificateMinDays: number;
  /** What a load that is asked for (--load) may do. */
  readonly load: LoadSettings;
  /** The metrics that tell a KPI here, where their names are no library's: they count before all others. */
  readonly metrics: MetricSettings;
}

export interface MetricSettings {
  readonly 'request-duration'?: readonly NamedMetric[];
  readonly 'request-count'?: readonly NamedMetric[];
  readonly 'request-errors'?: readonly NamedMetric[];
  readonly 'llm-duration'?: readonly NamedMetric[];
  readonly 'llm-tokens'?: readonly NamedMetric[];
  readonly 'tool-calls'?: readonly NamedMetric[];
}

/** A metric by its whole name, without the endings that its type brings: `_total`, `_count`, `_sum`, `_bucket`. */
export interface NamedMetric {
  readonly name: string;
  /** Of durations; seconds unless said otherwise. */
  readonly unit?: 'seconds' | 'milliseconds' | 'microseconds';
  /** The label that tells endpoints apart. */
  readonly endpoint?: string;
  /** The label that tells an error from a success. */
  readonly outcome?: string;
}

export interface LoadSettings {
  /** The share of requests that may fail, from 0 to 1. */
  readonly maxErrorRate: number;
  /** What the 99th percentile must be below, in milliseconds; without it only health endpoints are held to a limit. */
  readonly p99Ms?: number;
}

export interface ProbeSettings {
  readonly periodSeconds: number;
  readonly timeoutSeconds: number;
  /** So many failures in a row have a pod restarted, or taken out of its Services. */
  readonly failureThreshold: number;
  /** The object that declares it. */
  readonly declaredBy?: string;
}

export interface RoleSettings {
  readonly service?: readonly string[];
  readonly database?: readonly string[];
  readonly backup?: readonly string[];
  readonly 'restore-drill'?: readonly string[];
  /** Workloads that play none of these. */
  readonly none?: readonly string[];
}

export const DEFAULT_SETTINGS: Settings = {
  paths: { live: '/health/live', ready: '/health/ready', metrics: '/metrics' },
  requiredSecretKeys: [],
  registries: [],
  notCredentials: [],
  aliases: { port: [], deadline: [], budget: [] },
  roles: {},
  longestAnswerSeconds: 60,
  backupMaxAgeHours: 26,
  probes: { periodSeconds: 10, timeoutSeconds: 1, failureThreshold: 3 },
  certificateMinDays: 14,
  load: { maxErrorRate: 0 },
  metrics: {},
};
