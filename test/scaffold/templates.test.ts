import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ANSWER_NAMES, completeAnswers } from '../../src/scaffold/answers.ts';
import { CATALOGUE, GITIGNORE_TEMPLATE, readTemplate, templatesFolder } from '../../src/scaffold/catalogue.ts';
import { DECIDING } from '../../src/scaffold/render.ts';
import { choicesOf, generateSecrets, valuesOf } from '../../src/scaffold/values.ts';
import { variablesOf } from '../../src/scaffold/variables.ts';
import { filesBelow, readYaml } from './scaffolded.ts';

const files = filesBelow(templatesFolder());
const values = valuesOf(completeAnswers({}), 'digest');
/** The last two are files that others hold whole. */
const given = [...Object.keys({ ...values, ...generateSecrets(values) }), 'dashboard', 'rules'];

describe('the templates', () => {
  it('are all written by init, and all of them exist', () => {
    expect(files).toEqual([...new Set([...CATALOGUE.map(({ from }) => from), GITIGNORE_TEMPLATE])].sort());
  });

  it.each(files.filter((file) => file.endsWith('.yaml')))(
    '%s means the same in YAML 1.1 and 1.2 before it is filled',
    (file) => {
      const text = readTemplate(file);
      expect(readYaml(text, '1.1')).toEqual(readYaml(text, '1.2'));
    },
  );

  it.each(files)('%s asks only for what is given', (file) => {
    for (const name of variablesOf(readTemplate(file))) expect(given).toContain(name);
  });

  it('use every value that is given', () => {
    const used = new Set(files.flatMap((file) => [...variablesOf(readTemplate(file))]));
    const deciding = [...DECIDING, ...Object.keys(choicesOf(completeAnswers({})))];
    expect(given.filter((name) => !used.has(name) && !deciding.includes(name))).toEqual([]);
  });

  it('say why in every manifest', () => {
    for (const file of files.filter((path) => path.startsWith('k8s/')))
      expect(readTemplate(file), join('templates', file)).toMatch(/^\s*# [A-Z]/m);
  });

  it('have a rule for each answer', () => {
    expect([...ANSWER_NAMES].sort()).toEqual(Object.keys(completeAnswers({})).sort());
  });
});
