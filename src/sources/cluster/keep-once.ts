/**
 * Gives the second value, with every part of it that is equal to the same part of the first one taken from there: the pods of a
 * workload differ in a few names, and what they have in common is kept once. Parsed JSON only, and the second value is changed.
 */
export function keepOnce<T>(known: unknown, value: T): T {
  return shareWith(known, value) as T;
}

function shareWith(known: unknown, value: unknown): unknown {
  // Equal strings are not always the same ones.
  if (known === value) return known;
  if (typeof known !== 'object' || typeof value !== 'object' || known === null || value === null) return value;
  if (Array.isArray(known)) return Array.isArray(value) ? shareItems(known, value) : value;
  return Array.isArray(value) ? value : shareFields(known as Fields, value as Fields);
}

type Fields = Record<string, unknown>;

function shareFields(known: Fields, value: Fields): Fields {
  let same = true;
  let count = 0;
  for (const key in value) {
    count += 1;
    const field = value[key];
    const like = Object.hasOwn(known, key) ? known[key] : undefined;
    const shared = shareWith(like, field);
    if (shared !== field) value[key] = shared;
    if (shared !== like) same = false;
  }
  if (!same) return value;
  for (const _key in known) count -= 1;
  return count === 0 ? known : value;
}

function shareItems(known: readonly unknown[], value: unknown[]): readonly unknown[] {
  let same = known.length === value.length;
  for (let index = 0; index < value.length; index += 1) {
    const item = value[index];
    const shared = shareWith(known[index], item);
    if (shared !== item) value[index] = shared;
    if (shared !== known[index]) same = false;
  }
  return same ? known : value;
}
