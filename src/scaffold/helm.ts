import { Document } from 'yaml';
import { RULES } from './answer-rules.ts';
import type { AnswerName, Answers } from './answers.ts';
import type { Variables } from './variables.ts';

/** The answers that the values of a chart may change. Names are not among them: a chart of one service has its own. */
const CHART_ANSWERS = [
  'image',
  'replicas',
  'maxReplicas',
  'port',
  'host',
  'ingressClass',
  'gatewayClass',
  'controllerNamespace',
  'ingressPath',
  'clusterIssuer',
  'acmeEmail',
  'storageSize',
  'storageClass',
  'databaseCidr',
  'backupSize',
  'backupSchedule',
  'backupsKept',
  'backupMaxAgeHours',
  'drillSchedule',
  's3Endpoint',
  's3Region',
  's3Bucket',
  'secretStore',
  'monitoringNamespace',
  'prometheusRelease',
] as const satisfies readonly AnswerName[];

/** Stands in for a value until the manifest has been written: a word that means nothing to YAML. */
const markOf = (name: string) => `QNAHELM.${name}.`;
const MARK = /QNAHELM\.(\w+)\./g;

/** The variables of a manifest that becomes a template of a chart. An empty answer decides what is written, and stays. */
export function chartVariables(variables: Variables): Variables {
  const names = [...CHART_ANSWERS.filter((name) => variables[name] !== ''), 'namespace', 'configChecksum'];
  return { ...variables, ...Object.fromEntries(names.map((name) => [name, markOf(name)])) };
}

/** A rendered manifest as a template of Helm. What others write in braces, as Prometheus does, is not for Helm to fill. */
export function asChartTemplate(manifest: string, answers: Answers): string {
  const escaped = manifest.replace(/\{\{|\}\}/g, (braces) => `{{ "${braces}" }}`);
  return escaped
    .split('\n')
    .map((line) => {
      // A value that is the whole of its scalar is quoted where it is a text, so that Helm writes what was meant.
      const whole = /^(\s*(?:- )*(?:[\w./-]+: |- )?)(")?QNAHELM\.(\w+)\.\2$/.exec(line);
      if (whole === null || line.trimStart().startsWith('#'))
        return line.replace(MARK, (_, name: string) => braced(name));
      const [, start = '', quote, name = ''] = whole;
      const isNumber = typeof answers[name as AnswerName] === 'number' && quote === undefined;
      return `${start}${braced(name, isNumber ? ' | int' : ' | quote')}`;
    })
    .join('\n');
}

function braced(name: string, pipe = ''): string {
  if (name === 'namespace') return `{{ .Release.Namespace${pipe} }}`;
  if (name === 'configChecksum')
    return `{{ include (print $.Template.BasePath "/configmap.yaml") . | sha256sum${pipe} }}`;
  return `{{ .Values.${name}${pipe} }}`;
}

/** The values that these templates ask for, each with what it may be. */
export function chartValues(templates: readonly string[], answers: Answers): string {
  const document = new Document(Object.fromEntries(usedIn(templates).map((name) => [name, answers[name]])), {
    compat: 'yaml-1.1',
  });
  document.commentBefore = ' What differs between environments: helm upgrade --values staging.yaml takes others.';
  for (const name of usedIn(templates)) {
    const node = document.get(name, true) as { comment?: string };
    node.comment = ` ${RULES[name].means}`;
  }
  return document.toString({ lineWidth: 0 });
}

/** Helm refuses other values before it asks the cluster. */
export function chartSchema(templates: readonly string[]): string {
  const names = usedIn(templates);
  const schema = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    type: 'object',
    additionalProperties: false,
    required: names,
    properties: {
      ...Object.fromEntries(names.map((name) => [name, { description: RULES[name].means, ...RULES[name].schema }])),
      global: { type: 'object' },
    },
  };
  return `${JSON.stringify(schema, undefined, 2)}\n`;
}

function usedIn(templates: readonly string[]): readonly AnswerName[] {
  const text = templates.join('\n');
  return CHART_ANSWERS.filter((name) => new RegExp(`\\.Values\\.${name}\\b`).test(text));
}
