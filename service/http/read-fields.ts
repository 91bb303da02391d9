import { type ProblemCase, Refusal } from './problem.ts';

type Fault = NonNullable<ProblemCase['errors']>[number];

/** What a member of a body must be; `read` gives undefined where it is not. */
export interface Field<T> {
  readonly read: (value: unknown) => T | undefined;
  /** Ends the sentence "… must be". */
  readonly must: string;
  readonly optional?: boolean;
}

/** A text that says something. PostgreSQL stores no NUL, and nobody means one. */
export function textOf(maxLength: number): Field<string> {
  return {
    must: `a text of 1 to ${maxLength} characters`,
    read: (value) =>
      typeof value === 'string' && value.trim() !== '' && value.length <= maxLength && !value.includes('\0')
        ? value
        : undefined,
  };
}

/**
 * Reads the members of a body, and refuses it with everything that is wrong at once. A member that nobody knows is refused
 * too: it is a misspelt one, and ignoring it would surprise.
 */
export function readFields<T extends object>(
  body: unknown,
  fields: { readonly [Name in keyof T]-?: Field<NonNullable<T[Name]>> },
): T {
  const given = body as Readonly<Record<string, unknown>>;
  const values: Record<string, unknown> = {};
  const unknown = Object.keys(given).filter((name) => !Object.hasOwn(fields, name));
  const errors: Fault[] = unknown
    .slice(0, MAX_FAULTS)
    .map((name) => ({ pointer: pointerTo(name), detail: 'is not known' }));
  for (const [name, { read, must, optional }] of Object.entries<Field<unknown>>(fields)) {
    const value = Object.hasOwn(given, name) ? given[name] : undefined;
    if (value === undefined && optional === true) continue;
    const fitting = read(value);
    if (fitting === undefined) errors.push({ pointer: pointerTo(name), detail: `must be ${must}` });
    else values[name] = fitting;
  }
  if (errors.length === 0) return values as T;
  const detail = `${errors.map(({ pointer, detail }) => `${pointer} ${detail}`).join('; ')}.`;
  throw new Refusal('bad-request', { detail, errors });
}

const MAX_FAULTS = 8;

function pointerTo(name: string): string {
  return `#/${encodeURIComponent(name.slice(0, 40).replaceAll('~', '~0').replaceAll('/', '~1').toWellFormed())}`;
}
