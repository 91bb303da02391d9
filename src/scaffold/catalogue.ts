import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Answers } from './answers.ts';
import { SECRETS_FILE } from './gitignore.ts';

/** One file of the set. */
export interface Template {
  /** Below `templates/`. */
  readonly from: string;
  /** Below the project's folder, with slashes. */
  readonly to: string;
  readonly when?: (answers: Answers) => boolean;
  /** Only what is below this key of its one document. */
  readonly pick?: string;
}

export const CONFIG_MAP_FILE = 'k8s/configmap.yaml';
export const GITIGNORE_TEMPLATE = 'gitignore';
export const DASHBOARD_TEMPLATE = 'monitoring/dashboard.json';
const RULES_TEMPLATE = 'k8s/monitoring/prometheusrule.yaml';

const same = (path: string, when?: Template['when']): Template => ({
  from: path,
  to: path,
  ...(when === undefined ? {} : { when }),
});

const hasOperator = ({ monitoring }: Answers) => monitoring === 'operator';
const isKustomize = ({ layout }: Answers) => layout === 'kustomize';

/** The same rules as in the cluster, as Prometheus itself and promtool read them. */
export const RULES_FILE: Template = { from: RULES_TEMPLATE, to: 'monitoring/rules.yaml', pick: 'spec' };

/** Every file but .gitignore, to which lines are added only. In the order in which a person would read them. */
export const CATALOGUE: readonly Template[] = [
  same('k8s/namespace.yaml'),
  same('k8s/serviceaccount.yaml'),
  same(CONFIG_MAP_FILE),
  same('k8s/secrets.example.yaml'),
  same(SECRETS_FILE, ({ secrets }) => secrets !== 'external-secrets'),
  same('k8s/externalsecret.yaml', ({ secrets }) => secrets === 'external-secrets'),
  same('k8s/sealedsecret.yaml', ({ secrets }) => secrets === 'sealed-secrets'),
  { from: 'sops.yaml', to: '.sops.yaml', when: ({ secrets }) => secrets === 'sops' },
  same('k8s/deployment.yaml'),
  same('k8s/service.yaml'),
  same('k8s/pdb.yaml'),
  same('k8s/hpa.yaml', ({ autoscaling }) => autoscaling === 'cpu'),
  same('k8s/pvc.yaml', ({ database, backup }) => database === 'statefulset' || backup === 'claim'),
  same('k8s/postgres.yaml', ({ database }) => database === 'statefulset'),
  { from: 'k8s/postgres-cluster.yaml', to: 'k8s/postgres.yaml', when: ({ database }) => database === 'cnpg' },
  same('k8s/issuer.yaml', ({ certificate }) => certificate !== 'cluster-issuer' && certificate !== 'secret'),
  same('k8s/certificate.yaml', ({ certificate }) => certificate !== 'secret'),
  same('k8s/ingress.yaml', ({ exposure }) => exposure === 'ingress'),
  same('k8s/gateway.yaml', ({ exposure }) => exposure === 'gateway'),
  same('k8s/networkpolicy.yaml'),
  same('k8s/backup/cronjob.yaml', ({ backup }) => backup === 'claim'),
  { from: 'k8s/backup/cronjob-s3.yaml', to: 'k8s/backup/cronjob.yaml', when: ({ backup }) => backup === 's3' },
  same('k8s/backup/restore-drill.yaml'),
  same('k8s/backup/restore.yaml'),
  same('k8s/monitoring/servicemonitor.yaml', hasOperator),
  same(RULES_TEMPLATE, hasOperator),
  same('k8s/monitoring/dashboard.yaml', hasOperator),
  same('k8s/monitoring/rules.yaml', ({ monitoring }) => monitoring === 'annotations'),
  same('k8s/kustomization.yaml', isKustomize),
  { from: 'overlays/dev.yaml', to: 'overlays/dev/kustomization.yaml', when: isKustomize },
  { from: 'overlays/staging.yaml', to: 'overlays/staging/kustomization.yaml', when: isKustomize },
  { from: 'overlays/prod.yaml', to: 'overlays/prod/kustomization.yaml', when: isKustomize },
  same('chart/Chart.yaml', ({ layout }) => layout === 'helm'),
  RULES_FILE,
  same('monitoring/rules.test.yaml'),
  same(DASHBOARD_TEMPLATE),
  { from: 'docker/node.Dockerfile', to: 'Dockerfile', when: ({ runtime }) => runtime === 'node' },
  { from: 'docker/python.Dockerfile', to: 'Dockerfile', when: ({ runtime }) => runtime === 'python' },
  { from: 'docker/dockerignore', to: '.dockerignore' },
  same('docs/BACKUP.md'),
  same('docs/RUNBOOK.md'),
  same('qna-ready.config.yaml'),
  { from: 'checkov.yaml', to: '.checkov.yaml' },
  { from: 'ci/github.yaml', to: '.github/workflows/ready.yaml', when: ({ ci }) => ci === 'github' },
  { from: 'ci/gitlab.yaml', to: '.gitlab/qna-ready.yaml', when: ({ ci }) => ci === 'gitlab' },
];

/**
 * Whether a manifest becomes a template of the chart, where there is one. The namespace and its Secret come before any release,
 * and a restore is no part of one.
 */
export function isOfChart(to: string): boolean {
  return to.startsWith('k8s/') && !/^k8s\/(?:namespace|secrets|secrets\.example|backup\/restore)\.yaml$/.test(to);
}

export function readTemplate(from: string): string {
  return readFileSync(join(templatesFolder(), from), 'utf8');
}

/** The folder stands beside package.json, whether this runs from the sources or from the bundle. */
export function templatesFolder(): string {
  for (let folder = import.meta.dirname; folder !== dirname(folder); folder = dirname(folder))
    if (existsSync(join(folder, 'package.json')) && existsSync(join(folder, 'templates')))
      return join(folder, 'templates');
  throw new Error('The templates are not where this package keeps them.');
}
