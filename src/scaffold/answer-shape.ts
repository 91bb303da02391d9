/** All that is asked of the owner of a service. Nothing here is secret. */
export interface Answers {
  readonly name: string;
  readonly namespace: string;
  readonly host: string;
  readonly image: string;
  readonly port: number;
  /** The fewest, where an autoscaler decides. */
  readonly replicas: number;
  readonly autoscaling: 'none' | 'cpu';
  readonly maxReplicas: number;
  readonly layout: 'kustomize' | 'helm' | 'plain';
  readonly secrets: 'secret' | 'external-secrets' | 'sealed-secrets' | 'sops';
  /** The ClusterSecretStore of the External Secrets Operator. */
  readonly secretStore: string;
  /** The public key of age that SOPS encrypts for. */
  readonly ageRecipient: string;
  readonly database: 'statefulset' | 'cnpg' | 'external';
  /** Of an external database only. */
  readonly databaseHost: string;
  /** The addresses of an external database. */
  readonly databaseCidr: string;
  readonly storageSize: string;
  /** Empty for the cluster's default class. */
  readonly storageClass: string;
  readonly databaseMajor: number;
  /** Empty for the official image of that major version. */
  readonly databaseImage: string;
  readonly backup: 'claim' | 's3';
  readonly backupSize: string;
  /** Five fields, in UTC. */
  readonly backupSchedule: string;
  readonly backupsKept: number;
  readonly backupMaxAgeHours: number;
  readonly drillSchedule: string;
  readonly s3Endpoint: string;
  readonly s3Region: string;
  readonly s3Bucket: string;
  readonly exposure: 'ingress' | 'gateway';
  readonly ingressController: (typeof INGRESS_CONTROLLERS)[number];
  readonly ingressClass: string;
  readonly gatewayClass: string;
  /** Where the pods of the controller run. */
  readonly controllerNamespace: string;
  readonly ingressPath: string;
  readonly certificate: 'cluster-issuer' | 'acme-http01' | 'acme-dns01' | 'private-ca' | 'secret';
  readonly clusterIssuer: string;
  /** The Secret with the certificate. */
  readonly tlsSecret: string;
  /** Empty for an account without one. */
  readonly acmeEmail: string;
  readonly dnsProvider: 'cloudflare' | 'route53';
  readonly dnsRegion: string;
  readonly monitoring: 'annotations' | 'operator';
  readonly monitoringNamespace: string;
  /** The label by which Prometheus chooses its monitors. */
  readonly prometheusRelease: string;
  /** The version of the Pod Security rules that the namespace holds to. */
  readonly kubernetesVersion: string;
  readonly runtime: 'node' | 'python';
  readonly entryPoint: string;
  readonly ci: 'none' | 'github' | 'gitlab';
}

export const INGRESS_CONTROLLERS = [
  'traefik',
  'haproxy',
  'nginx-inc',
  'aws',
  'gce',
  'azure',
  'ingress-nginx',
  'other',
] as const;

export type AnswerName = keyof Answers;
export type GivenAnswers = Readonly<Record<string, unknown>>;
