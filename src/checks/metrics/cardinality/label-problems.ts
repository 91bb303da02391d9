import type { SentRequest } from '../../../core/endpoint-facts.ts';
import type { Exposition } from '../../../prometheus/exposition.ts';
import { idForm, looksPersonal } from '../../../prometheus/label-values.ts';

/** A label that has, or will get, more values than a series database can bear. */
export interface LabelProblem {
  readonly metric: string;
  readonly label: string;
  readonly kind: 'raw-path' | 'odd-method' | 'personal' | 'question' | 'id' | 'many-values';
  readonly text: string;
}

/** Beyond this many values of one label, the guide of Prometheus asks for another design. */
const MOST_VALUES = 100;

/** Labels whose values are bounded by the instrumentation itself. */
const BOUNDED = new Set(['le', 'quantile']);

export function labelProblems(page: Exposition, sent: readonly SentRequest[]): readonly LabelProblem[] {
  return page.families.flatMap((family) => {
    // Series that say what a thing is carry ids rightly, one each.
    if (family.type === 'info' || family.name.endsWith('_info')) return [];
    const values = new Map<string, Set<string>>();
    for (const sample of family.samples)
      for (const label of sample.labels) {
        if (BOUNDED.has(label.name)) continue;
        const known = values.get(label.name) ?? new Set();
        values.set(label.name, known.add(label.value));
      }
    return [...values].flatMap(([label, known]) => problemsOf(family.name, label, known, sent));
  });
}

function problemsOf(
  metric: string,
  label: string,
  values: ReadonlySet<string>,
  sent: readonly SentRequest[],
): readonly LabelProblem[] {
  const problems: LabelProblem[] = [];
  const add = (kind: LabelProblem['kind'], text: string) => problems.push({ metric, label, kind, text });
  const all = [...values];
  const paths = sent.filter(({ kind }) => kind === 'unmatched-path').map(({ path }) => path);
  const methods = sent.filter(({ kind }) => kind === 'odd-method').map(({ method }) => method);
  if (all.some((value) => paths.some((path) => value.includes(path.slice(1)))))
    add('raw-path', 'an unknown path became a value of its own');
  if (all.some((value) => methods.includes(value.toUpperCase())))
    add('odd-method', 'a method that no route serves became a value of its own');
  if (all.some(looksPersonal)) add('personal', 'a value is an e-mail address or a credential');
  if (all.some(isQuestion)) add('question', 'a value is a question that somebody asked');
  const forms = all.map((value) => idForm(label, value)).filter((form) => form !== undefined);
  if (forms.length >= 2) add('id', `${forms.length} values look like ${forms[0]}`);
  else if (all.length > MOST_VALUES) add('many-values', `it has ${all.length} values`);
  return problems;
}

/** Three words or more with a question mark behind them: nobody but a user writes so. No regular expression, for a value can be long. */
function isQuestion(value: string): boolean {
  return value.endsWith('?') && value.split(/\s+/, 3).length === 3;
}
