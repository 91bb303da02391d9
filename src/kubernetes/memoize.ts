/**
 * Keeps what was derived from an array for as long as the array lives. Facts are the same arrays in every check of a run, so
 * what many checks derive from them is derived once.
 */
export function memoizeByArray<K extends readonly unknown[], T>(derive: (array: K) => T): (array: K) => T {
  const kept = new WeakMap<K, T>();
  return (array) => {
    const known = kept.get(array);
    if (known !== undefined) return known;
    const derived = derive(array);
    kept.set(array, derived);
    return derived;
  };
}
