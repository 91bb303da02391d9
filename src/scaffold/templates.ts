import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Answers } from './answers.ts';
import { renderYaml } from './render-yaml.ts';
import { substitute, type Variables } from './variables.ts';

/** A file as it would be written. */
export interface RenderedFile {
  /** Below the project's folder, with slashes. */
  readonly path: string;
  readonly content: string;
  readonly mode: number;
}

const COMMON = 0o644;

interface Template {
  /** Below `templates/`; the path in the project unless `to` says another. */
  readonly from: string;
  readonly to?: string;
  readonly when?: (answers: Answers) => boolean;
}

const withOperator = ({ monitoring }: Answers) => monitoring === 'operator';

/** Every file but the secrets and .gitignore, which have rules of their own. */
export const TEMPLATES: readonly Template[] = [
  { from: 'k8s/namespace.yaml' },
  { from: 'k8s/serviceaccount.yaml' },
  { from: 'k8s/configmap.yaml' },
  { from: 'k8s/secrets.example.yaml' },
  { from: 'k8s/pvc.yaml' },
  { from: 'k8s/postgres.yaml' },
  { from: 'k8s/deployment.yaml' },
  { from: 'k8s/service.yaml' },
  { from: 'k8s/ingress.yaml' },
  { from: 'k8s/networkpolicy.yaml' },
  { from: 'k8s/pdb.yaml' },
  { from: 'k8s/backup/pvc.yaml' },
  { from: 'k8s/backup/cronjob.yaml' },
  { from: 'k8s/backup/restore-drill.yaml' },
  { from: 'k8s/monitoring/servicemonitor.yaml', when: withOperator },
  { from: 'k8s/monitoring/prometheusrule.yaml', when: withOperator },
  { from: 'k8s/kustomization.yaml' },
  { from: 'docs/BACKUP.md' },
  { from: 'docs/RUNBOOK.md' },
  { from: 'qna-ready.config.yaml' },
  { from: 'Dockerfile' },
  { from: 'dockerignore', to: '.dockerignore' },
];

export function renderAll(answers: Answers): readonly RenderedFile[] {
  const variables: Variables = { ...answers, portText: String(answers.port) };
  return TEMPLATES.filter(({ when }) => when?.(answers) ?? true).map(({ from, to }) => ({
    path: to ?? from,
    content: render(from, variables),
    mode: COMMON,
  }));
}

/** Renders one template by name. */
export function render(from: string, variables: Variables): string {
  const template = readTemplate(from);
  return from.endsWith('.yaml') ? renderYaml(template, variables, from) : String(substitute(template, variables, from));
}

export function readTemplate(from: string): string {
  return readFileSync(join(templatesFolder(), from), 'utf8');
}

/** The folder stands beside package.json, whether this runs from the sources or from the bundle. */
function templatesFolder(): string {
  for (let folder = import.meta.dirname; folder !== dirname(folder); folder = dirname(folder)) {
    const candidate = join(folder, 'templates');
    if (existsSync(join(folder, 'package.json')) && existsSync(candidate)) return candidate;
  }
  throw new Error('the templates are not where this package keeps them');
}
