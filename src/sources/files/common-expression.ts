import { Environment, EvaluationError } from '@marcbachmann/cel-js';

type Evaluate = (context: { readonly self: unknown }) => unknown;

const ENVIRONMENT = new Environment({ unlistedVariablesAreDyn: true });
/** The library takes has() of a chain of names only, and not of an item of a list: `has(self.matches[0].path)`. */
const HAS_IN_ITEM = /\bhas\(([\w.]+\[\d+\])\.(\w+)\)/g;
/** Undefined where a rule cannot be read. */
const PARSED = new Map<string, Evaluate | undefined>();

/**
 * Evaluates a rule of a CustomResourceDefinition. One that asks for a field which is not there does not hold; any other failure is
 * undefined, since it may be a function of Kubernetes that the library lacks.
 */
export function evaluateRule(rule: string, self: unknown): boolean | undefined {
  if (!PARSED.has(rule)) PARSED.set(rule, parse(rule));
  try {
    const answer = PARSED.get(rule)?.({ self });
    return typeof answer === 'boolean' ? answer : undefined;
  } catch (error) {
    return error instanceof EvaluationError && /^No such key\b/i.test(error.message) ? false : undefined;
  }
}

function parse(rule: string): Evaluate | undefined {
  try {
    return ENVIRONMENT.parse(rule.replaceAll(HAS_IN_ITEM, "('$2' in $1)"));
  } catch {
    return undefined;
  }
}
