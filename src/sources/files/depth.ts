/** Deeper than any object of the API, and far from the end of the stack of whoever walks through it. */
const MAX_DEPTH = 500;

export const TOO_DEEP = `it is nested more than ${MAX_DEPTH} levels deep, or contains itself`;

/** Whether a value has more levels than anything that is read here may have. One that contains itself has no last one. */
export function isTooDeep(value: unknown): boolean {
  let level = [value].filter(isCollection);
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MAX_DEPTH) return true;
    // A part that is used twice, by an alias, is walked once on each level.
    level = [...new Set(level.flatMap((collection) => Object.values(collection).filter(isCollection)))];
  }
  return false;
}

function isCollection(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
