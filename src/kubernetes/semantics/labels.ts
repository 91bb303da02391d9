import { faultOfLabelKey, faultOfLabelValue } from '../names.ts';
import { at, entriesOf, type Faults, type Field, isSet, itemsOf, refuse, textOf, unlessFine } from './field.ts';

const KEY = 'a qualified name';
const VALUE = 'at most 63 letters, digits, hyphens, underscores and dots';

/** k8s.io/apimachinery, ValidateLabels. */
export function* labelsFaults(labels: Field): Faults {
  for (const [key, value] of entriesOf(labels)) {
    yield* unlessFine(value, faultOfLabelKey(key), KEY);
    yield* unlessFine(value, faultOfLabelValue(textOf(value)), VALUE);
  }
}

/** ValidateLabelSelector: keys, operators, and the values that each operator takes. */
export function* selectorFaults(selector: Field): Faults {
  yield* labelsFaults(at(selector, 'matchLabels'));
  for (const expression of itemsOf(at(selector, 'matchExpressions')))
    yield* expressionFaults(expression, ['In', 'NotIn']);
}

/** ValidateNodeSelectorRequirement, which also compares numbers. */
export function* nodeExpressionFaults(expression: Field): Faults {
  yield* expressionFaults(expression, ['In', 'NotIn'], ['Gt', 'Lt']);
}

function* expressionFaults(expression: Field, listing: readonly string[], comparing: readonly string[] = []): Faults {
  const operator = at(expression, 'operator');
  const values = at(expression, 'values');
  const { length } = itemsOf(values);
  const name = textOf(operator);
  if (listing.includes(name)) {
    if (length === 0) yield refuse(values, `${name} has no values`, 'one value or more');
  } else if (comparing.includes(name)) {
    if (length !== 1) yield refuse(values, `${name} has ${length} values`, 'exactly one value');
  } else if (name === 'Exists' || name === 'DoesNotExist') {
    if (length > 0) yield refuse(values, `${name} has values`, 'no values');
  } else
    yield refuse(
      operator,
      'there is no such operator',
      [...listing, ...comparing, 'Exists', 'DoesNotExist'].join(', '),
    );
  const key = at(expression, 'key');
  yield* unlessFine(key, faultOfLabelKey(textOf(key)), KEY);
  for (const value of itemsOf(values)) yield* unlessFine(value, faultOfLabelValue(textOf(value)), VALUE);
}

/** Why a selector cannot select: nothing is written in it, so it would select every pod. */
export function isEmptySelector(selector: Field): boolean {
  return entriesOf(at(selector, 'matchLabels')).length === 0 && itemsOf(at(selector, 'matchExpressions')).length === 0;
}

/** Whether a selector is read at all: one with a fault selects nothing, and the server says so once more. */
export function isReadable(selector: Field): boolean {
  return isSet(selector) && [...selectorFaults(selector)].length === 0;
}
