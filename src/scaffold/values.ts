import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Answers } from './answers.ts';
import { templatesFolder } from './catalogue.ts';
import type { Variables } from './variables.ts';

/** The minor release that the official image is pinned to, for each major version. */
const POSTGRES_RELEASES: Readonly<Record<number, string>> = { 15: '15.18', 16: '16.14', 17: '17.10', 18: '18.4' };

/** Load balancers of a cloud call from the addresses of its network, not from a pod. */
const FROM_OUTSIDE = new Set(['aws', 'gce', 'azure']);

/** What the templates are filled with: the answers, and what follows from them. */
export function valuesOf(answers: Answers, configChecksum: string): Variables {
  const { name, databaseMajor, databaseImage, database, certificate, clusterIssuer } = answers;
  const release = POSTGRES_RELEASES[databaseMajor] ?? String(databaseMajor);
  const databaseHosts = {
    statefulset: `${name}-postgres`,
    cnpg: `${name}-postgres-rw`,
    external: answers.databaseHost,
  };
  return {
    ...answers,
    configChecksum,
    toolVersion: toolVersion(),
    // The alert waits for an hour, and the next look at it comes within another.
    backupOldHours: answers.backupMaxAgeHours + 3,
    // An identifier of SQL has no hyphen unless it is quoted everywhere.
    databaseName: name.replaceAll('-', '_'),
    databaseHost: databaseHosts[database],
    databaseImage: databaseImage === '' ? `docker.io/library/postgres:${release}-trixie` : databaseImage,
    clusterImage: `ghcr.io/cloudnative-pg/postgresql:${release}-standard-trixie`,
    // Version 18 moved the volume of the image one folder up.
    databaseMountPath: databaseMajor < 18 ? '/var/lib/postgresql/data' : '/var/lib/postgresql',
    issuerKind: certificate === 'cluster-issuer' ? 'ClusterIssuer' : 'Issuer',
    issuerName: certificate === 'cluster-issuer' ? clusterIssuer : `${name}-issuer`,
    ...choicesOf(answers),
  };
}

/** What conditions in templates ask. */
export function choicesOf(answers: Answers): Readonly<Record<string, boolean>> {
  const { databaseMajor, database, certificate, dnsProvider, exposure, secrets } = answers;
  const isIngress = exposure === 'ingress';
  const isBehind = (controller: Answers['ingressController']) => isIngress && answers.ingressController === controller;
  const isOutside = isIngress && FROM_OUTSIDE.has(answers.ingressController);
  return {
    belowEighteen: databaseMajor < 18,
    annotations: answers.monitoring === 'annotations',
    operator: answers.monitoring === 'operator',
    fixedReplicas: answers.autoscaling === 'none',
    autoscaled: answers.autoscaling !== 'none',
    statefulset: database === 'statefulset',
    cnpg: database === 'cnpg',
    external: database === 'external',
    inCluster: database !== 'external',
    notStatefulset: database !== 'statefulset',
    anyClaim: database === 'statefulset' || answers.backup === 'claim',
    s3: answers.backup === 's3',
    claim: answers.backup === 'claim',
    ingress: isIngress,
    gateway: exposure === 'gateway',
    traefik: isBehind('traefik'),
    haproxy: isBehind('haproxy'),
    nginxInc: isBehind('nginx-inc'),
    aws: isBehind('aws'),
    gce: isBehind('gce'),
    azure: isBehind('azure'),
    ingressNginx: isBehind('ingress-nginx'),
    annotated: isIngress && answers.ingressController !== 'other',
    controllerOutside: isOutside,
    controllerInside: !isOutside,
    issued: certificate !== 'secret',
    certificateGiven: certificate === 'secret',
    acme: certificate === 'acme-http01' || certificate === 'acme-dns01',
    acmeMail: answers.acmeEmail !== '',
    http01: certificate === 'acme-http01',
    http01Ingress: certificate === 'acme-http01' && isIngress,
    http01Gateway: certificate === 'acme-http01' && !isIngress,
    // The issuer of somebody else may solve over HTTP too.
    mayBeHttp01: certificate === 'acme-http01' || certificate === 'cluster-issuer',
    cloudflare: certificate === 'acme-dns01' && dnsProvider === 'cloudflare',
    route53: certificate === 'acme-dns01' && dnsProvider === 'route53',
    privateCa: certificate === 'private-ca',
    ownIssuer: certificate !== 'secret' && certificate !== 'cluster-issuer',
    secretFile: secrets !== 'external-secrets',
    externalSecret: secrets === 'external-secrets',
    sealed: secrets === 'sealed-secrets',
    sops: secrets === 'sops',
    plainSecret: secrets === 'secret',
    node: answers.runtime === 'node',
    python: answers.runtime === 'python',
    kustomize: answers.layout === 'kustomize',
    helm: answers.layout === 'helm',
    noChart: answers.layout !== 'helm',
    plain: answers.layout === 'plain',
    github: answers.ci === 'github',
    gitlab: answers.ci === 'gitlab',
  };
}

/** The version of this package, which a pipeline is pinned to. */
function toolVersion(): string {
  const file = join(dirname(templatesFolder()), 'package.json');
  return String((JSON.parse(readFileSync(file, 'utf8')) as { readonly version?: unknown }).version);
}

/** Passwords and tokens from the system's randomness, 256 bits each, in letters that mean nothing inside a URL. */
export function generateSecrets({ databaseName, databaseHost, inCluster }: Variables): Variables {
  const password = () => randomBytes(32).toString('base64url');
  // Whoever runs an external database has given the password already.
  const databasePassword = inCluster === true ? password() : '';
  return {
    databasePassword,
    databaseUrl:
      inCluster === true ? `postgresql://${databaseName}:${databasePassword}@${databaseHost}:5432/${databaseName}` : '',
    postgresPassword: password(),
    apiToken: password(),
  };
}
