import type { Answers } from './answers.ts';
import { CATALOGUE, CONFIG_MAP_FILE, GITIGNORE_TEMPLATE, readTemplate } from './catalogue.ts';
import { mergeGitignore, SECRETS_FILE } from './gitignore.ts';
import { effectiveText, type WantedFile } from './plan.ts';
import { digestOf, type ScaffoldRecord } from './record.ts';
import { renderYaml } from './render-yaml.ts';
import type { ReadFile } from './tree.ts';
import { generateSecrets, valuesOf } from './values.ts';
import { substitute, type Variables, variablesOf } from './variables.ts';

const COMMON_MODE = 0o644;
const SECRET_MODE = 0o600;

/** The whole set for these answers, .gitignore first: the rule that hides the secrets must be in place before they are. */
export function renderSet(answers: Answers, read: ReadFile, record: ScaffoldRecord): readonly WantedFile[] {
  const chosen = CATALOGUE.filter(({ when }) => when?.(answers) ?? true);
  const secrets = generateSecrets();
  const wanted = (values: Variables) =>
    chosen.map(({ from, to }): WantedFile => {
      const isSecret = to === SECRETS_FILE;
      return {
        path: to,
        text: render(from, isSecret ? { ...values, ...secrets } : values),
        mode: isSecret ? SECRET_MODE : COMMON_MODE,
        policy: isSecret ? 'once' : 'template',
      };
    });
  // The Deployment carries a digest of the ConfigMap as it will be, a person's edit included.
  const config = wanted(valuesOf(answers, '')).find(({ path }) => path === CONFIG_MAP_FILE);
  const checksum =
    config === undefined ? '' : digestOf(effectiveText(config, read, record)).slice('sha256:'.length, 23);
  const values = valuesOf(answers, checksum);
  refuseUnused({ ...values, ...secrets });
  return [
    {
      path: '.gitignore',
      text: mergeGitignore(readTemplate(GITIGNORE_TEMPLATE), read),
      mode: COMMON_MODE,
      policy: 'lines',
    },
    ...wanted(values),
  ];
}

export function render(from: string, variables: Variables): string {
  const template = readTemplate(from);
  return from.endsWith('.yaml') ? renderYaml(template, variables, from) : substitute(template, variables, from);
}

/** An answer that no template asks for was asked of the person in vain. */
function refuseUnused(variables: Variables): void {
  const used = new Set(CATALOGUE.flatMap(({ from }) => [...variablesOf(readTemplate(from))]));
  const unused = Object.keys(variables).filter((name) => !used.has(name) && !DECIDING.has(name));
  if (unused.length > 0) throw new Error(`No template uses ${unused.join(', ')}.`);
}

/** Answers that choose files or other values, and are written nowhere themselves. */
const DECIDING = new Set(['runtime', 'databaseMajor', 'monitoring']);
