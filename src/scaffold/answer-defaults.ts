import { type Answers, type GivenAnswers, INGRESS_CONTROLLERS } from './answer-shape.ts';

/** The class that each controller's own installation makes. */
const CLASSES: Readonly<Record<Answers['ingressController'], string>> = {
  traefik: 'traefik',
  haproxy: 'haproxy',
  'nginx-inc': 'nginx',
  aws: 'alb',
  gce: 'gce',
  azure: 'azure-application-gateway',
  'ingress-nginx': 'nginx',
  other: 'traefik',
};

/** Where each controller's own installation puts it. */
const NAMESPACES: Readonly<Partial<Record<Answers['ingressController'], string>>> = {
  haproxy: 'haproxy',
  'nginx-inc': 'nginx-ingress',
  aws: 'kube-system',
  gce: 'kube-system',
  azure: 'kube-system',
  'ingress-nginx': 'ingress-nginx',
};

/** What other answers follow from. */
interface Leading {
  readonly name: string;
  readonly replicas: number;
  readonly exposure: string;
  readonly ingressController: Answers['ingressController'];
  readonly ingressClass: string;
  readonly gatewayClass: string;
}

/** The answers where neither the person nor the repository says another. Some follow from the name or from the controller. */
function defaultsOf({ name, replicas, exposure, ingressController, ingressClass, gatewayClass }: Leading): Answers {
  return {
    name,
    namespace: name,
    host: `${name}.example.com`,
    image: `ghcr.io/example/${name}:0.1.0`,
    port: 8080,
    replicas: 2,
    autoscaling: 'none',
    maxReplicas: Math.max(10, replicas),
    layout: 'kustomize',
    secrets: 'secret',
    secretStore: 'default',
    ageRecipient: '',
    database: 'statefulset',
    databaseHost: 'postgres.example.com',
    databaseCidr: '10.0.0.0/8',
    storageSize: '10Gi',
    storageClass: '',
    databaseMajor: 18,
    databaseImage: '',
    backup: 'claim',
    backupSize: '20Gi',
    backupSchedule: '17 2 * * *',
    backupsKept: 14,
    backupMaxAgeHours: 26,
    drillSchedule: '47 3 * * 0',
    s3Endpoint: 'https://s3.amazonaws.com',
    s3Region: 'us-east-1',
    s3Bucket: `${name}-backups`,
    exposure: 'ingress',
    ingressController,
    ingressClass,
    gatewayClass,
    controllerNamespace: exposure === 'gateway' ? gatewayClass : (NAMESPACES[ingressController] ?? ingressClass),
    ingressPath: '/',
    certificate: 'cluster-issuer',
    clusterIssuer: 'letsencrypt-prod',
    tlsSecret: `${name}-tls`,
    acmeEmail: '',
    dnsProvider: 'cloudflare',
    dnsRegion: 'us-east-1',
    monitoring: 'annotations',
    monitoringNamespace: 'monitoring',
    prometheusRelease: 'kube-prometheus-stack',
    kubernetesVersion: '1.35',
    runtime: 'node',
    entryPoint: 'server.js',
    ci: 'none',
  };
}

function leadingOf(given: GivenAnswers): Leading {
  const named = textOf(given.ingressController) as Answers['ingressController'] | undefined;
  const byClass = textOf(given.ingressClass);
  const ingressController = named ?? (byClass === undefined ? 'traefik' : controllerOf(byClass));
  return {
    name: textOf(given.name) ?? 'qna',
    replicas: typeof given.replicas === 'number' ? Math.min(given.replicas, 100) : 2,
    exposure: textOf(given.exposure) ?? 'ingress',
    ingressController,
    ingressClass: byClass ?? CLASSES[ingressController] ?? 'traefik',
    gatewayClass: textOf(given.gatewayClass) ?? 'traefik',
  };
}

/** The class nginx is taken for that of NGINX Inc.: the other controller of that class is one that nobody should choose. */
function controllerOf(ingressClass: string): Answers['ingressController'] {
  return (
    INGRESS_CONTROLLERS.find((controller) => controller !== 'other' && CLASSES[controller] === ingressClass) ?? 'other'
  );
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** All defaults, by what was given already. */
export function defaultsFor(given: GivenAnswers): Answers {
  return defaultsOf(leadingOf(given));
}
