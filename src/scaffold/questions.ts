import type { AnswerName, Answers } from './answers.ts';

/** What a person is asked on a terminal. All other answers have defaults that few change. */
export interface Question {
  readonly name: AnswerName;
  readonly message: string;
  /** Without choices the answer is typed. */
  readonly choices?: readonly Choice[];
  /** Whether it is asked at all, by the answers before it. */
  readonly when?: (answers: Answers) => boolean;
}

export interface Choice {
  readonly value: string;
  readonly label: string;
}

export const QUESTIONS: readonly Question[] = [
  { name: 'name', message: 'What is the service called?' },
  { name: 'namespace', message: 'Which namespace does it run in?' },
  { name: 'image', message: 'Which image does it run?' },
  { name: 'port', message: 'Which port does it listen on?' },
  { name: 'host', message: 'Which host name do people reach it by?' },
  {
    name: 'layout',
    message: 'How are the manifests put together?',
    choices: [
      { value: 'kustomize', label: 'a base, and overlays for dev, staging and prod' },
      { value: 'helm', label: 'a chart for Helm' },
      { value: 'plain', label: 'plain files' },
    ],
  },
  {
    name: 'autoscaling',
    message: 'How many pods run?',
    choices: [
      { value: 'none', label: 'a fixed number' },
      { value: 'cpu', label: 'as many as the load of the processor needs, by metrics-server' },
    ],
  },
  {
    name: 'exposure',
    message: 'How do requests get in?',
    choices: [
      { value: 'ingress', label: 'by an Ingress' },
      { value: 'gateway', label: 'by the Gateway API' },
    ],
  },
  {
    name: 'ingressController',
    message: 'Which controller takes the Ingress?',
    choices: [
      { value: 'traefik', label: 'Traefik' },
      { value: 'haproxy', label: 'HAProxy' },
      { value: 'nginx-inc', label: 'NGINX Ingress Controller of NGINX Inc.' },
      { value: 'aws', label: 'AWS Load Balancer Controller' },
      { value: 'gce', label: 'GKE Ingress' },
      { value: 'azure', label: 'Azure Application Gateway' },
      { value: 'ingress-nginx', label: 'ingress-nginx, unmaintained since 2026-03-24' },
      { value: 'other', label: 'another one' },
    ],
    when: ({ exposure }) => exposure === 'ingress',
  },
  { name: 'ingressClass', message: 'Which class has it?', when: ({ exposure }) => exposure === 'ingress' },
  { name: 'gatewayClass', message: 'Which GatewayClass is it?', when: ({ exposure }) => exposure === 'gateway' },
  {
    name: 'certificate',
    message: 'Where does the certificate come from?',
    choices: [
      { value: 'cluster-issuer', label: 'cert-manager, by a ClusterIssuer that is there' },
      { value: 'acme-http01', label: "cert-manager, from Let's Encrypt over HTTP" },
      { value: 'acme-dns01', label: "cert-manager, from Let's Encrypt over DNS" },
      { value: 'private-ca', label: 'cert-manager, by an authority of your own' },
      { value: 'secret', label: 'a Secret that you fill' },
    ],
  },
  {
    name: 'clusterIssuer',
    message: 'Which ClusterIssuer is it?',
    when: ({ certificate }) => certificate === 'cluster-issuer',
  },
  {
    name: 'dnsProvider',
    message: 'Who serves the zone?',
    choices: [
      { value: 'cloudflare', label: 'Cloudflare' },
      { value: 'route53', label: 'Route 53' },
    ],
    when: ({ certificate }) => certificate === 'acme-dns01',
  },
  {
    name: 'database',
    message: 'Where is the database?',
    choices: [
      { value: 'statefulset', label: 'in the cluster, one PostgreSQL in a StatefulSet' },
      { value: 'cnpg', label: 'in the cluster, by CloudNativePG' },
      { value: 'external', label: 'elsewhere' },
    ],
  },
  { name: 'databaseHost', message: 'What is its host name?', when: ({ database }) => database === 'external' },
  {
    name: 'databaseCidr',
    message: 'In which range of addresses is it?',
    when: ({ database }) => database === 'external',
  },
  {
    name: 'storageSize',
    message: 'How much space does the database need?',
    when: ({ database }) => database !== 'external',
  },
  {
    name: 'secrets',
    message: 'How do the secrets get into the cluster?',
    choices: [
      { value: 'secret', label: 'from a file that git ignores' },
      { value: 'external-secrets', label: 'by the External Secrets Operator' },
      { value: 'sealed-secrets', label: 'by Sealed Secrets' },
      { value: 'sops', label: 'encrypted by SOPS with age' },
    ],
  },
  { name: 'secretStore', message: 'Which ClusterSecretStore?', when: ({ secrets }) => secrets === 'external-secrets' },
  { name: 'ageRecipient', message: 'Which public key of age?', when: ({ secrets }) => secrets === 'sops' },
  {
    name: 'backup',
    message: 'Where do the dumps of the database go?',
    choices: [
      { value: 'claim', label: 'to a claim of their own' },
      { value: 's3', label: 'to a bucket' },
    ],
  },
  { name: 's3Endpoint', message: 'What is the address of the store?', when: ({ backup }) => backup === 's3' },
  { name: 's3Bucket', message: 'Which bucket?', when: ({ backup }) => backup === 's3' },
  {
    name: 'monitoring',
    message: 'How are the metrics scraped?',
    choices: [
      { value: 'annotations', label: 'by annotations of the pods' },
      { value: 'operator', label: 'by the Prometheus Operator' },
    ],
  },
  {
    name: 'ci',
    message: 'Who runs the gate?',
    choices: [
      { value: 'none', label: 'nobody yet' },
      { value: 'github', label: 'GitHub Actions' },
      { value: 'gitlab', label: 'GitLab CI' },
    ],
  },
];
