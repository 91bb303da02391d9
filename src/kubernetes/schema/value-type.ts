import type { SchemaNode } from '../../core/api-schemas.ts';
import type { Fault } from '../fault.ts';
import { parseQuantity } from '../quantity.ts';

type Mismatch = Pick<Fault, 'what' | 'observed' | 'expected'>;

/** Ranges of Go's integers; a 64-bit one is only held to what a number of JavaScript tells apart. */
const INTEGER_LIMITS: Readonly<Record<string, number>> = { int32: 2 ** 31, int64: 2 ** 63 };

/** Why a value cannot be read as what its schema says, undefined where it can. Never shows the value, which may be a secret. */
export function typeFault(node: SchemaNode, value: unknown, custom: boolean): Mismatch | undefined {
  const actual = typeOfValue(value);
  switch (node.type) {
    case 'quantity':
      return quantityFault(value, actual);
    case 'int-or-string':
      return actual === 'string' || (actual === 'integer' && fitsFormat(value as number, 'int32'))
        ? undefined
        : mismatch(actual, 'a whole number or a string');
    case 'integer':
      if (actual !== 'integer') return mismatch(actual, 'a whole number');
      return node.format !== undefined && !fitsFormat(value as number, node.format)
        ? { what: `the number does not fit into ${node.format}`, observed: String(value), expected: node.format }
        : undefined;
    case 'number':
      return actual === 'number' || actual === 'integer' ? undefined : mismatch(actual, 'a number');
    case 'string':
      if (actual !== 'string') return mismatch(actual, 'a string');
      return formatFault(node.format, value as string, custom);
    case 'boolean':
    case 'array':
    case 'object':
      return actual === node.type ? undefined : mismatch(actual, TYPE_NAMES[node.type]);
    default:
      return undefined;
  }
}

const TYPE_NAMES = { boolean: 'true or false', array: 'a list', object: 'a map' } as const;

/** The name of a value's type as JSON has them, with whole numbers told from others. */
export function typeOfValue(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}

const ACTUAL_NAMES: Readonly<Record<string, string>> = {
  array: 'a list',
  object: 'a map',
  string: 'a string',
  integer: 'a whole number',
  number: 'a fraction',
  boolean: 'true or false',
  null: 'null',
};

function mismatch(actual: string, expected: string): Mismatch {
  const observed = ACTUAL_NAMES[actual] ?? actual;
  return { what: `the value is ${observed}, not ${expected}`, observed, expected };
}

function quantityFault(value: unknown, actual: string): Mismatch | undefined {
  if (actual !== 'string' && actual !== 'integer' && actual !== 'number') return mismatch(actual, 'a quantity');
  return parseQuantity(value as string | number) === undefined
    ? { what: 'the value is no quantity', observed: String(value), expected: 'such as 500m, 2, 256Mi or 10Gi' }
    : undefined;
}

function fitsFormat(value: number, format: string): boolean {
  const limit = INTEGER_LIMITS[format];
  return limit === undefined || (value >= -limit && value < limit);
}

/** Dates and bytes are decoded by Go; a custom resource is held to more formats (k8s.io/apiextensions-apiserver, supported formats). */
function formatFault(format: string | undefined, value: string, custom: boolean): Mismatch | undefined {
  const pattern = format === undefined ? undefined : (custom ? CUSTOM_FORMATS : GO_FORMATS)[format];
  return pattern === undefined || pattern.test(value)
    ? undefined
    : { what: `the value is no ${format}`, observed: 'another text', expected: format ?? '' };
}

const DATE_TIME = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:[Zz]|[+-]\d{2}:\d{2})$/;
const BASE64 = /^(?:[A-Za-z0-9+/]{4}|[\r\n])*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?[\r\n]*$/;
const GO_FORMATS: Readonly<Record<string, RegExp>> = { 'date-time': DATE_TIME, byte: BASE64 };
const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/;
/** Hexadecimal groups, with one gap at most. */
const IPV6 = /^(?=[^:]*:[^:]*:)(?!.*::.*::)(?!.*:::)[0-9a-f:]+(?:\d{1,3}(?:\.\d{1,3}){3})?$/i;
const CUSTOM_FORMATS: Readonly<Record<string, RegExp>> = {
  'date-time': DATE_TIME,
  byte: BASE64,
  date: /^\d{4}-\d{2}-\d{2}$/,
  ipv4: IPV4,
  ipv6: IPV6,
  uuid: /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i,
};
