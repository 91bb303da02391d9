import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/core/errors.ts';
import { RULES } from '../../src/scaffold/answer-rules.ts';
import { ANSWER_NAMES, type AnswerName, type Answers, completeAnswers } from '../../src/scaffold/answers.ts';
import { COMBINATIONS } from './combinations.ts';
import { installed, type Plain, readYaml } from './scaffolded.ts';

/** Of all that is accepted, so many sets are rendered whole: each takes a tenth of a second. */
const RENDERED = 80;

const texts = ANSWER_NAMES.filter((name) => !('enum' in RULES[name].schema) && RULES[name].schema.type !== 'integer');

const injections = [
  'x"\n  evil: injected',
  "x'\n  evil: injected",
  'x\n---\nkind: Evil',
  'x # comment',
  'x: y',
  '{{ .Values.evil }}',
  '{{ include "evil" . }}',
  '$'.concat('{name}'),
  '$(id)',
  '`id`',
  '; rm -rf /',
  '*anchor',
  '&anchor x',
  '!!js/function x',
  '| evil',
  '%YAML 1.2',
  'x\u2028evil',
  'x\u0000',
];
/** What YAML 1.1 reads as something else than a text. */
const ambiguous = ['yes', 'no', 'on', 'off', 'y', 'n', 'true', 'null', '0777', '1e3', '12.30', '1_000', '0x1f', '0b1'];

const hostile = fc.oneof(
  fc.constantFrom(...injections),
  fc.constantFrom(...ambiguous),
  fc.string({ unit: 'binary' }),
  fc.string(),
  fc.stringMatching(/^[a-z0-9.:/-]{1,12}$/),
  fc.tuple(fc.stringMatching(/^[a-z]{1,8}$/), fc.constantFrom(...injections)).map(([start, end]) => start + end),
  fc.integer(),
  fc.constant(null),
  fc.object({ maxDepth: 1 }),
);
// Words that are names of something, and yet no texts to YAML: these come to be rendered.
const plausible = fc.oneof(
  fc.constantFrom(...ambiguous),
  fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/),
  fc.stringMatching(/^[0-9][0-9a-f_:.]{1,6}$/),
);

describe('hostile answers', () => {
  it('are refused in a sentence, or read back by YAML 1.1 as they were meant, and as nothing else', () => {
    const given = fc.record({
      choices: fc.constantFrom(...COMBINATIONS),
      answers: fc.dictionary(fc.constantFrom<AnswerName>(...texts), fc.oneof(hostile, plausible), {
        minKeys: 1,
        maxKeys: 3,
        noNullPrototype: true,
      }),
    });
    let [accepted, rendered] = [0, 0];
    fc.assert(
      fc.property(given, ({ choices, answers }) => {
        let complete: Answers;
        try {
          complete = completeAnswers({ ...choices, ...answers });
        } catch (error) {
          expect(error).toBeInstanceOf(UserError);
          // A sentence stays one line for each answer, whatever was given.
          for (const line of (error as UserError).message.split('\n')) expect(line).toMatch(/\.$/);
          return;
        }
        for (const [name, value] of Object.entries(answers)) expect(complete[name as AnswerName]).toBe(value);
        accepted += 1;
        if (accepted > RENDERED) return;
        rendered += 1;
        readsAsMeant(complete);
      }),
      { numRuns: 10_000 },
    );
    expect(rendered).toBe(RENDERED);
  }, 240_000);
});

/** The same keys as with harmless answers in the same places, each text a text, and each answer where it belongs. */
function readsAsMeant(answers: Answers): void {
  const files = installed(answers);
  const usual = completeAnswers({ name: 'qna' });
  const harmless = completeAnswers({
    ...answers,
    ...Object.fromEntries(
      // Where an answer is empty decides what is written.
      texts.map((name) => [name, answers[name] === '' ? '' : usual[name] === '' ? answers[name] : usual[name]]),
    ),
  });
  const expected = installed(harmless);
  expect(Object.keys(files)).toEqual(Object.keys(expected));
  for (const [path, text] of Object.entries(files)) {
    if (!path.endsWith('.yaml')) continue;
    const objects = readYaml(text, '1.1');
    expect(objects, path).toEqual(readYaml(text, '1.2'));
    expect(shapeOf(objects), path).toEqual(shapeOf(readYaml(expected[path] ?? '', '1.1')));
    for (const { metadata } of objects.filter(({ kind }) => kind !== undefined && kind !== 'Kustomization'))
      for (const value of Object.values(metadata.labels ?? {})) expect(typeof value, path).toBe('string');
  }
  const [deployment] = readYaml(files['k8s/deployment.yaml'] ?? '');
  expect(deployment.metadata).toMatchObject({ name: answers.name, namespace: answers.namespace });
  expect(deployment.spec.template.spec.containers[0].image).toBe(answers.image);
}

/** Keys and types, without values; the name of the service is a key nowhere. */
function shapeOf(value: Plain): unknown {
  if (Array.isArray(value)) return value.map(shapeOf);
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shapeOf(inner)]));
}
