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
}

export const CONFIG_MAP_FILE = 'k8s/configmap.yaml';
export const GITIGNORE_TEMPLATE = 'gitignore';

const hasOperator = ({ monitoring }: Answers) => monitoring === 'operator';

const same = (path: string, when?: Template['when']): Template => ({
  from: path,
  to: path,
  ...(when === undefined ? {} : { when }),
});

/** Every file but .gitignore, to which lines are added only. In the order in which a person would read them. */
export const CATALOGUE: readonly Template[] = [
  same('k8s/namespace.yaml'),
  same('k8s/serviceaccount.yaml'),
  same(CONFIG_MAP_FILE),
  same('k8s/secrets.example.yaml'),
  same(SECRETS_FILE),
  same('k8s/deployment.yaml'),
  same('k8s/service.yaml'),
  same('k8s/pdb.yaml'),
  same('k8s/pvc.yaml'),
  same('k8s/postgres.yaml'),
  same('k8s/certificate.yaml'),
  same('k8s/ingress.yaml'),
  same('k8s/networkpolicy.yaml'),
  same('k8s/backup/cronjob.yaml'),
  same('k8s/backup/restore-drill.yaml'),
  same('k8s/backup/restore.yaml'),
  same('k8s/monitoring/servicemonitor.yaml', hasOperator),
  same('k8s/monitoring/prometheusrule.yaml', hasOperator),
  same('k8s/kustomization.yaml'),
  { from: 'docker/node.Dockerfile', to: 'Dockerfile', when: ({ runtime }) => runtime === 'node' },
  { from: 'docker/python.Dockerfile', to: 'Dockerfile', when: ({ runtime }) => runtime === 'python' },
  { from: 'docker/dockerignore', to: '.dockerignore' },
  same('docs/BACKUP.md'),
  same('docs/RUNBOOK.md'),
  same('qna-ready.config.yaml'),
];

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
