/** A field, the number of an item in a list whose order counts, or what tells an item apart from others in a list whose order does not. */
export type FieldStep = string | number | ItemKey;
export type FieldPath = readonly FieldStep[];

/** The values of an item's key fields, or, under the empty name, an item that is its own key. */
export interface ItemKey {
  readonly by: Readonly<Record<string, unknown>>;
}

/** `spec.template.spec.containers[name=qna].env[name=PORT].value`; the protocol is left out where it is TCP. */
export function formatFieldPath(path: FieldPath): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else if (typeof step === 'object') text += `[${formatKey(step)}]`;
    else if (/^[A-Za-z0-9_-]+$/.test(step)) text += text === '' ? step : `.${step}`;
    else text += `[${JSON.stringify(step)}]`;
  }
  return text;
}

function formatKey({ by }: ItemKey): string {
  const told = Object.entries(by).filter(([name, value]) => name !== 'protocol' || value !== 'TCP');
  return told.map(([name, value]) => (name === '' ? String(value) : `${name}=${String(value)}`)).join(',');
}

/** What stands at a path; undefined where nothing does. */
export function valueAt(root: unknown, path: FieldPath): unknown {
  let value = root;
  for (const step of path) {
    if (typeof step === 'object') value = Array.isArray(value) ? value.find((item) => hasKey(item, step)) : undefined;
    else if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    else value = (value as Readonly<Record<string | number, unknown>>)[step];
  }
  return value;
}

/** The same path by the numbers of items, as far as the object has them: for whoever knows no keys. */
export function numberedPath(root: unknown, path: FieldPath): readonly (string | number)[] {
  const numbered: (string | number)[] = [];
  let value = root;
  for (const step of path) {
    const number =
      typeof step === 'object' ? (Array.isArray(value) ? value.findIndex((item) => hasKey(item, step)) : -1) : step;
    if (number === -1 || typeof value !== 'object' || value === null) break;
    numbered.push(number);
    value = (value as Readonly<Record<string | number, unknown>>)[number];
  }
  return numbered;
}

export function hasKey(item: unknown, { by }: ItemKey): boolean {
  return Object.entries(by).every(([name, wanted]) => keyValue(item, name) === wanted);
}

/** Ports are TCP where nobody says otherwise (https://kubernetes.io/docs/reference/using-api/server-side-apply/#merge-strategy). */
export function keyValue(item: unknown, name: string): unknown {
  if (name === '') return item;
  const value =
    typeof item === 'object' && item !== null ? (item as Readonly<Record<string, unknown>>)[name] : undefined;
  return value ?? (name === 'protocol' ? 'TCP' : undefined);
}

/** Whether one path lies in another, or is it. */
export function isWithin(path: FieldPath, outer: FieldPath): boolean {
  return (
    path.length >= outer.length &&
    outer.every((step, index) => {
      const other = path[index];
      return typeof step === 'object' && typeof other === 'object' ? isSameKey(step, other) : step === other;
    })
  );
}

function isSameKey({ by }: ItemKey, other: ItemKey): boolean {
  const value = (name: string) => (name === '' ? other.by[name] : keyValue(other.by, name));
  return Object.entries(by).every(([name, wanted]) => value(name) === wanted);
}
