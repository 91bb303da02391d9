import type { LabelSelector } from '../core/objects.ts';
import { faultOfLabelKey, faultOfLabelValue } from './names.ts';

/** Why a text is no selector, and where: the column is counted from one, in characters. */
export interface SelectorFault {
  readonly column: number;
  /** A sentence without its full stop. */
  readonly message: string;
  readonly hint: string;
}

export type ReadSelector = { readonly selector: LabelSelector } | { readonly fault: SelectorFault };

type Expression = NonNullable<LabelSelector['matchExpressions']>[number];

/**
 * Reads a label selector as `kubectl --selector` does: `a=b`, `a==b`, `a!=b`, `a in (b,c)`, `a notin (b,c)`, `a` and `!a`, joined
 * by commas, all of which must hold. What comes out is the object that the API knows, so that one matcher judges both.
 * See https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors.
 */
export function readLabelSelector(text: string): ReadSelector {
  const reader = { text, at: 0 };
  const expressions: Expression[] = [];
  try {
    for (;;) {
      expressions.push(requirement(reader));
      const next = take(reader);
      if (next.text === '') return { selector: { matchExpressions: expressions } };
      if (next.text !== ',') throw new Refusal(next, `a comma or the end was expected, and not ${next.text}`);
    }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { at, message, hint } = error;
    return { fault: { column: at.column, message, hint } };
  }
}

/** Writes a selector in the same form; an expression with an operator that does not exist is left out, as it selects nothing. */
export function formatLabelSelector({ matchLabels = {}, matchExpressions = [] }: LabelSelector): string {
  return [
    ...Object.entries(matchLabels).map(([key, value]) => `${key}=${value}`),
    ...matchExpressions.flatMap(({ key, operator, values = [] }) => {
      const list = `(${values.join(',')})`;
      switch (operator) {
        case 'In':
          return `${key} in ${list}`;
        case 'NotIn':
          return `${key} notin ${list}`;
        case 'Exists':
          return key;
        case 'DoesNotExist':
          return `!${key}`;
        default:
          return [];
      }
    }),
  ].join(',');
}

const FORMS = 'Write it as: app=qna,tier!=batch,env in (staging,prod),!canary.';

class Refusal extends Error {
  readonly at: Token;
  readonly hint: string;
  constructor(at: Token, message: string, hint = FORMS) {
    super(message);
    this.at = at;
    this.hint = hint;
  }
}

interface Reader {
  readonly text: string;
  /** The index of the next character. */
  at: number;
}

interface Token {
  /** A word, one of the marks, or nothing at the end. */
  readonly text: string;
  readonly column: number;
}

/** A word goes on until a space or a mark. */
const TOKEN = /\s*(==|!=|[=!(),<>]|[^\s=!(),<>]+|$)/y;
const MARK = /^[=!(),<>]/;

function take(reader: Reader): Token {
  TOKEN.lastIndex = reader.at;
  const text = TOKEN.exec(reader.text)?.[1] ?? '';
  const end = TOKEN.lastIndex;
  reader.at = end;
  return { text, column: end - text.length + 1 };
}

function peek(reader: Reader): Token {
  return take({ ...reader });
}

function requirement(reader: Reader): Expression {
  const first = take(reader);
  if (first.text === '!') return { key: keyOf(take(reader)), operator: 'DoesNotExist' };
  const key = keyOf(first);
  const operator = peek(reader);
  switch (operator.text) {
    case '':
    case ',':
      return { key, operator: 'Exists' };
    case '=':
    case '==':
    case '!=':
      take(reader);
      return { key, operator: operator.text === '!=' ? 'NotIn' : 'In', values: [oneValue(reader)] };
    case 'in':
    case 'notin':
      take(reader);
      return { key, operator: operator.text === 'in' ? 'In' : 'NotIn', values: valueList(reader) };
    case '<':
    case '>':
      throw new Refusal(operator, 'labels are compared for equality only', 'Name the values: key in (1,2,3).');
    default:
      throw new Refusal(operator, `=, !=, in, notin or a comma was expected, and not ${operator.text}`);
  }
}

function keyOf(token: Token): string {
  if (token.text === '' || MARK.test(token.text))
    throw new Refusal(token, `the key of a label was expected, and not ${token.text === '' ? 'the end' : token.text}`);
  const fault = faultOfLabelKey(token.text);
  if (fault !== undefined) throw new Refusal(token, `${token.text} is no key of a label: ${fault}`);
  return token.text;
}

/** The value after an operator; the empty one where nothing stands there. */
function oneValue(reader: Reader): string {
  const token = peek(reader);
  if (token.text === '' || token.text === ',' || token.text === ')') return '';
  if (MARK.test(token.text)) throw new Refusal(token, `a value was expected, and not ${token.text}`);
  const fault = faultOfLabelValue(token.text);
  if (fault !== undefined) throw new Refusal(token, `${token.text} is no value of a label: ${fault}`);
  return take(reader).text;
}

function valueList(reader: Reader): readonly string[] {
  const open = take(reader);
  if (open.text !== '(')
    throw new Refusal(
      open,
      `( was expected, and not ${open.text === '' ? 'the end' : open.text}`,
      'Write it as: key in (a,b).',
    );
  const values = [oneValue(reader)];
  for (;;) {
    const next = take(reader);
    if (next.text === ')') return values;
    if (next.text !== ',')
      throw new Refusal(
        next,
        `, or ) was expected, and not ${next.text === '' ? 'the end' : next.text}`,
        'Write it as: key in (a,b).',
      );
    values.push(oneValue(reader));
  }
}
