import type { Json, JsonMap } from './json.ts';

/** A dotted path, as the API writes it without brackets: `spec.ports.0.name`. */
export function valueAt(root: Json, path: string): Json | undefined {
  return path.split('.').reduce<Json | undefined>((value, step) => stepInto(value, step), root);
}

/** Puts a value at a path whose parent is there; undefined takes it away. Says whether there was such a place. */
export function put(root: Json, path: string, value: Json | undefined): boolean {
  const steps = path.split('.');
  const last = steps.pop() ?? '';
  const parent = steps.reduce<Json | undefined>((current, step) => stepInto(current, step), root);
  if (Array.isArray(parent)) {
    if (value === undefined) parent.splice(Number(last), 1);
    else parent[Number(last)] = value;
    return true;
  }
  if (typeof parent !== 'object' || parent === null) return false;
  if (value === undefined) {
    if (!(last in parent)) return false;
    delete parent[last];
  } else parent[last] = value;
  return true;
}

/** Puts a copy of a list's first item at its end. */
export function repeatFirst(root: Json, path: string, change: JsonMap = {}): boolean {
  const list = valueAt(root, path);
  const first = Array.isArray(list) ? list[0] : undefined;
  if (!Array.isArray(list) || first === undefined) return false;
  list.push(typeof first === 'object' && !Array.isArray(first) ? { ...structuredClone(first), ...change } : first);
  return true;
}

function stepInto(value: Json | undefined, step: string): Json | undefined {
  if (Array.isArray(value)) return value[Number(step)];
  return typeof value === 'object' && value !== null ? value[step] : undefined;
}
