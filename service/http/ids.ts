import type { Field } from './read-fields.ts';

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export function isUuid(value: unknown): value is string {
  return typeof value === 'string' && UUID.test(value);
}

export const UUID_FIELD: Field<string> & { readonly optional: true } = {
  must: 'a UUID',
  read: (value) => (isUuid(value) ? value.toLowerCase() : undefined),
  optional: true,
};
