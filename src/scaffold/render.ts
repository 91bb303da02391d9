import type { Answers } from './answers.ts';
import {
  CATALOGUE,
  CONFIG_MAP_FILE,
  DASHBOARD_TEMPLATE,
  GITIGNORE_TEMPLATE,
  isOfChart,
  RULES_FILE,
  readTemplate,
  type Template,
} from './catalogue.ts';
import { mergeGitignore, SECRETS_FILE } from './gitignore.ts';
import { asChartTemplate, chartSchema, chartValues, chartVariables } from './helm.ts';
import { effectiveText, type WantedFile } from './plan.ts';
import { digestOf, type ScaffoldRecord } from './record.ts';
import { renderYaml } from './render-yaml.ts';
import type { ReadFile } from './tree.ts';
import { generateSecrets, valuesOf } from './values.ts';
import { substituteText, type Variables } from './variables.ts';

const COMMON_MODE = 0o644;
const SECRET_MODE = 0o600;

/** The whole set for these answers, .gitignore first: the rule that hides the secrets must be in place before they are. */
export function renderSet(answers: Answers, read: ReadFile, record: ScaffoldRecord): readonly WantedFile[] {
  const chosen = CATALOGUE.filter(({ when }) => when?.(answers) ?? true);
  // The Deployment carries a digest of the ConfigMap as it will be, a person's edit included.
  const before = valuesOf(answers, '');
  const config = chosen.find(({ to }) => to === CONFIG_MAP_FILE);
  const checksum =
    config === undefined
      ? ''
      : digestOf(effectiveText(asTemplate(CONFIG_MAP_FILE, render(config, before)), read, record));
  const plain = valuesOf(answers, checksum.slice('sha256:'.length, 23));
  const values = withEmbedded(plain);
  const secrets = generateSecrets(plain);
  const isChart = answers.layout === 'helm';
  const chart = isChart ? withEmbedded(chartVariables(plain)) : values;
  const files = chosen.map((template): WantedFile => {
    const { to } = template;
    if (template === RULES_FILE) return asTemplate(to, String(values.rules));
    if (to === DASHBOARD_TEMPLATE) return asTemplate(to, String(values.dashboard));
    if (to === SECRETS_FILE)
      return { path: to, text: render(template, { ...values, ...secrets }), mode: SECRET_MODE, policy: 'once' };
    if (isChart && isOfChart(to))
      return asTemplate(to.replace(/^k8s\//, CHART_TEMPLATES), asChartTemplate(render(template, chart), answers));
    return asTemplate(to, render(template, values));
  });
  return [
    {
      path: '.gitignore',
      text: mergeGitignore(readTemplate(GITIGNORE_TEMPLATE), read),
      mode: COMMON_MODE,
      policy: 'lines',
    },
    ...files,
    ...(isChart ? valuesOfChart(files, answers) : []),
  ];
}

const CHART_TEMPLATES = 'chart/templates/';

function valuesOfChart(files: readonly WantedFile[], answers: Answers): readonly WantedFile[] {
  const templates = files.filter(({ path }) => path.startsWith(CHART_TEMPLATES)).map(({ text }) => text);
  return [
    asTemplate('chart/values.yaml', chartValues(templates, answers)),
    asTemplate('chart/values.schema.json', chartSchema(templates)),
  ];
}

function asTemplate(path: string, text: string): WantedFile {
  return { path, text, mode: COMMON_MODE, policy: 'template' };
}

/** Two files that others hold whole. */
function withEmbedded(values: Variables): Variables {
  return {
    ...values,
    dashboard: render({ from: DASHBOARD_TEMPLATE, to: '' }, values),
    rules: render(RULES_FILE, values),
  };
}

function render({ from, pick }: Template, variables: Variables): string {
  const template = readTemplate(from);
  return from.endsWith('.yaml')
    ? renderYaml(template, variables, from, pick)
    : substituteText(template, variables, from);
}

/** Answers that choose files or other values, and are written nowhere themselves. */
export const DECIDING: readonly string[] = [
  'runtime',
  'databaseMajor',
  'monitoring',
  'layout',
  'autoscaling',
  'secrets',
  'database',
  'backup',
  'exposure',
  'ingressController',
  'certificate',
  'clusterIssuer',
  'dnsProvider',
  'ci',
];
