import type { Answers } from '../scaffold/answers.ts';
import type { Scaffold } from '../scaffold/scaffold.ts';

/** What only a person can do, as far as it is still to be done. */
export function nextSteps(scaffold: Scaffold, dir: string): readonly string[] {
  const { answers, files } = scaffold;
  if (files.every(({ writes }) => writes.length === 0)) return [];
  if (scaffold.gaps !== undefined)
    return [
      `Read what was added, above all a NetworkPolicy: it is enforced from the moment that it is applied.`,
      'Name the new manifests wherever you name the others: in a kustomization, a chart or a pipeline.',
      `Judge what is there now: qna-ready validate ${dir}`,
    ];
  return [
    ...secretSteps(answers),
    ...placeholders(answers, dir),
    `Judge what was written: qna-ready validate ${dir}${answers.layout === 'helm' ? ` --helm-namespace ${answers.namespace}` : ''}`,
    `See that the cluster has ${neededIn(answers).join(', ')}.`,
    `Apply it, in this order${at(dir)}: ${applying(scaffold)}`,
    `Judge the cluster: qna-ready audit --namespace ${answers.namespace}`,
  ];
}

function at(dir: string): string {
  return dir === '.' ? '' : `, in ${dir}`;
}

function secretSteps({
  secrets,
  database,
  backup,
  name,
  certificate,
  dnsProvider,
  tlsSecret,
  namespace,
}: Answers): readonly string[] {
  const isExternal = database === 'external';
  const keys = [
    'OPENAI_API_KEY',
    ...(isExternal ? ['DATABASE_URL', 'DATABASE_PASSWORD'] : []),
    ...(backup === 's3' ? ['BACKUP_S3_ACCESS_KEY_ID', 'BACKUP_S3_SECRET_ACCESS_KEY'] : []),
    ...(certificate === 'acme-dns01' && dnsProvider === 'cloudflare' ? ['DNS_API_TOKEN'] : []),
  ].join(', ');
  const given =
    certificate === 'secret'
      ? [
          `Put your certificate into the cluster: kubectl -n ${namespace} create secret tls ${tlsSecret} --cert=FILE --key=FILE`,
        ]
      : [];
  if (secrets === 'external-secrets')
    return [`Put the values that k8s/secrets.example.yaml lists into the store, below the key ${name}.`, ...given];
  return [
    `Fill in ${keys} in k8s/secrets.yaml. Git ignores that file: keep a copy where your team keeps its keys.`,
    ...(secrets === 'sealed-secrets'
      ? ['Seal it: kubeseal --format yaml < k8s/secrets.yaml > k8s/sealedsecret.yaml']
      : []),
    ...(secrets === 'sops' ? ['Encrypt it: sops encrypt k8s/secrets.yaml > k8s/secrets.enc.yaml'] : []),
    ...given,
  ];
}

function neededIn(answers: Answers): readonly string[] {
  const { certificate, exposure, ingressClass, gatewayClass, controllerNamespace } = answers;
  return [
    ...(certificate === 'secret' ? [] : ['cert-manager']),
    ...(certificate === 'cluster-issuer' ? [`its ClusterIssuer ${answers.clusterIssuer}`] : []),
    exposure === 'gateway'
      ? `a controller of the GatewayClass ${gatewayClass} in the namespace ${controllerNamespace}`
      : `a controller of the class ${ingressClass} in the namespace ${controllerNamespace}`,
    ...(answers.autoscaling === 'cpu' ? ['metrics-server'] : []),
    ...(answers.database === 'cnpg' ? ['CloudNativePG'] : []),
    ...(answers.secrets === 'external-secrets' ? ['the External Secrets Operator'] : []),
    ...(answers.secrets === 'sealed-secrets' ? ['Sealed Secrets 0.40 or later'] : []),
    ...(answers.monitoring === 'operator' ? ['the Prometheus Operator'] : []),
  ];
}

function applying({ answers, files }: Scaffold): string {
  const { name, namespace, layout, secrets } = answers;
  const first =
    secrets === 'secret'
      ? 'kubectl apply -f k8s/namespace.yaml -f k8s/secrets.yaml'
      : 'kubectl apply -f k8s/namespace.yaml';
  const opened = secrets === 'sops' ? ' && sops decrypt k8s/secrets.enc.yaml | kubectl apply -f -' : '';
  if (layout === 'kustomize') return `${first}${opened} && kubectl apply -k overlays/prod`;
  if (layout === 'helm') return `${first}${opened} && helm upgrade --install ${name} chart --namespace ${namespace}`;
  // One by one: the folder holds an example of the Secret, and a job that overwrites the database.
  const rest = files
    .map(({ path }) => path)
    .filter((path) => path.startsWith('k8s/') && !/\/(?:namespace|restore|secrets(?:\.example)?)\.yaml$/.test(path));
  return `${first}${opened} && kubectl apply ${rest.map((path) => `-f ${path}`).join(' ')}`;
}

function placeholders({ image, host }: Answers, dir: string): readonly string[] {
  return [
    ...(image.startsWith('ghcr.io/example/')
      ? [`Name your image, since ${image} is only a placeholder: qna-ready init ${dir} --image REGISTRY/NAME:TAG`]
      : []),
    ...(/(?:^|\.)example\.(?:com|net|org)$/.test(host)
      ? [`Name your host, since ${host} is only a placeholder: qna-ready init ${dir} --host HOST`]
      : []),
  ];
}
