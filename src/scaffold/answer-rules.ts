import { parseImageReference } from '../kubernetes/image-reference.ts';
import { parseQuantity } from '../kubernetes/quantity.ts';
import { type AnswerName, INGRESS_CONTROLLERS } from './answer-shape.ts';
import { isSchedule } from './cron.ts';

/** What one answer may be. */
export interface Rule {
  /** JSON Schema. */
  readonly schema: Readonly<Record<string, unknown>>;
  /** What the answer must be, as the end of a sentence. */
  readonly means: string;
  /** What no schema can say. */
  readonly test?: (value: string) => boolean;
}

const LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
/** `-restore-drill` follows the name, and the name of a CronJob ends at 52 characters. */
const MAX_NAME_LENGTH = 38;
const GIBIBYTE = 2 ** 30;

/** The name becomes a role and a database too, and PostgreSQL has some of its own. */
const RESERVED = /^(?:postgres|public|none|template[01]|pg-.*)$/;

const label: Rule = {
  schema: { type: 'string', pattern: `^${LABEL}$`, maxLength: 63 },
  means: 'lower-case letters, digits and hyphens, at most 63, as in team-qna',
};

const subdomain: Rule = {
  schema: { type: 'string', pattern: `^${LABEL}(\\.${LABEL})*$`, maxLength: 253 },
  means: 'lower-case letters, digits, hyphens and dots, as in letsencrypt-prod',
};

const quantity: Rule = {
  schema: { type: 'string', pattern: '^[0-9.]+[A-Za-z]+$', maxLength: 20 },
  means: 'a quantity of at least 1Gi, as in 10Gi',
  test: (value) => (parseQuantity(value) ?? 0) >= GIBIBYTE,
};

const schedule: Rule = {
  schema: { type: 'string', maxLength: 100 },
  means: 'a schedule of five fields, as in 17 2 * * *',
  test: isSchedule,
};

function isPinned(value: string): boolean {
  const image = parseImageReference(value);
  if (image === undefined || /^-|[^A-Za-z0-9._:/@+-]/.test(value)) return false;
  return image.digest !== undefined || (image.tag !== undefined && image.tag !== 'latest');
}

const image: Rule = {
  schema: { type: 'string', maxLength: 500 },
  means: 'an image with a digest, or with a tag other than latest, as in ghcr.io/team/qna:1.4.2',
  test: isPinned,
};

const emptyOr = ({ schema, means, test }: Rule): Rule => ({
  schema: { anyOf: [{ const: '' }, schema] },
  means: `empty, or ${means}`,
  test: (value) => value === '' || test === undefined || test(value),
});

const whole = (minimum: number, maximum: number): Rule => ({
  schema: { type: 'integer', minimum, maximum },
  means: `a whole number from ${minimum} to ${maximum}`,
});

const oneOf = (...choices: readonly (string | number)[]): Rule => ({
  schema: { enum: choices },
  means: `one of ${choices.join(', ')}`,
});

const hostName: Rule = {
  schema: {
    type: 'string',
    maxLength: 253,
    pattern: '^([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\\.)+[a-z]([-a-z0-9]{0,61}[a-z0-9])?$',
  },
  means: 'a host name in lower case, as in qna.example.com',
};

const region: Rule = {
  schema: { type: 'string', pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$', maxLength: 50 },
  means: 'a region, as in eu-central-1',
};

export const RULES: Readonly<Record<AnswerName, Rule>> = {
  name: {
    // A Service's name begins with a letter, in every version of Kubernetes that is in support.
    schema: { type: 'string', pattern: '^[a-z]([-a-z0-9]*[a-z0-9])?$', maxLength: MAX_NAME_LENGTH },
    means: `lower-case letters, digits and hyphens, at most ${MAX_NAME_LENGTH}, beginning with a letter and none of PostgreSQL's own names, as in qna`,
    test: (value) => !RESERVED.test(value),
  },
  namespace: label,
  host: hostName,
  image,
  // Ports below 1024 need a capability that the restricted level takes away. 5432 is the database's, by which it is known.
  port: {
    schema: { type: 'integer', minimum: 1024, maximum: 65_535, not: { const: 5432 } },
    means: 'a port from 1024 to 65535 other than 5432',
  },
  replicas: whole(2, 100),
  autoscaling: oneOf('none', 'cpu'),
  maxReplicas: whole(2, 1000),
  layout: oneOf('kustomize', 'helm', 'plain'),
  secrets: oneOf('secret', 'external-secrets', 'sealed-secrets', 'sops'),
  secretStore: subdomain,
  ageRecipient: emptyOr({
    schema: { type: 'string', pattern: '^age1[a-z0-9]{10,100}$' },
    means: 'a public key of age, as in age1…',
  }),
  database: oneOf('statefulset', 'cnpg', 'external'),
  databaseHost: hostName,
  databaseCidr: {
    schema: { type: 'string', pattern: '^\\d{1,3}(\\.\\d{1,3}){3}/\\d{1,2}$' },
    means: 'a range of addresses, as in 10.20.0.0/16',
    test: isCidr,
  },
  storageSize: quantity,
  storageClass: emptyOr(subdomain),
  databaseMajor: oneOf(15, 16, 17, 18),
  databaseImage: emptyOr(image),
  backup: oneOf('claim', 's3'),
  backupSize: quantity,
  backupSchedule: schedule,
  backupsKept: whole(1, 1000),
  backupMaxAgeHours: whole(1, 8760),
  drillSchedule: schedule,
  s3Endpoint: {
    schema: { type: 'string', pattern: '^https://[a-z0-9.-]+(:[0-9]{1,5})?$', maxLength: 253 },
    means: 'an address with https, as in https://s3.amazonaws.com',
  },
  s3Region: region,
  s3Bucket: {
    schema: { type: 'string', pattern: '^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$' },
    means: 'the name of a bucket, as in team-backups',
  },
  exposure: oneOf('ingress', 'gateway'),
  ingressController: oneOf(...INGRESS_CONTROLLERS),
  ingressClass: subdomain,
  gatewayClass: subdomain,
  controllerNamespace: label,
  ingressPath: {
    schema: { type: 'string', pattern: '^(/[A-Za-z0-9_~][A-Za-z0-9._~-]*)+$|^/$', maxLength: 200 },
    means: 'a path, as in / or /v1',
  },
  certificate: oneOf('cluster-issuer', 'acme-http01', 'acme-dns01', 'private-ca', 'secret'),
  clusterIssuer: subdomain,
  tlsSecret: subdomain,
  acmeEmail: emptyOr({
    schema: { type: 'string', pattern: '^[A-Za-z0-9._+-]+@[A-Za-z0-9.-]+$', maxLength: 200 },
    means: 'an address of mail, as in team@example.com',
  }),
  dnsProvider: oneOf('cloudflare', 'route53'),
  dnsRegion: region,
  monitoring: oneOf('annotations', 'operator'),
  monitoringNamespace: label,
  prometheusRelease: {
    schema: { type: 'string', pattern: '^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$', maxLength: 63 },
    means: 'the value of a label, as in kube-prometheus-stack',
  },
  kubernetesVersion: {
    schema: { type: 'string', pattern: '^1\\.[1-9][0-9]$' },
    means: 'a minor version in quotes, as in "1.35"',
  },
  runtime: oneOf('node', 'python'),
  entryPoint: {
    schema: { type: 'string', pattern: '^[A-Za-z0-9_.@/-]+$', maxLength: 200 },
    means: 'the file that starts the service, as in server.js',
    test: (value) => !/^[/-]|(?:^|\/)\.\.(?:\/|$)/.test(value),
  },
  ci: oneOf('none', 'github', 'gitlab'),
};

function isCidr(value: string): boolean {
  const [address = '', length] = value.split('/');
  return (
    Number(length) <= 32 && address.split('.').every((part) => Number(part) <= 255 && String(Number(part)) === part)
  );
}
