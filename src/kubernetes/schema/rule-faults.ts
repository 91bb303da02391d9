import type { ApiSchemas, KindSchema, SchemaNode, SchemaRule } from '../../core/api-schemas.ts';
import type { Path } from '../../core/location.ts';
import type { KubernetesObject } from '../../core/objects.ts';
import type { Fault } from '../fault.ts';
import { nodeAt } from './node-at.ts';

/** A rule that nobody here can evaluate. */
export interface UnjudgedRule {
  readonly path: Path;
  readonly rule: string;
}

/**
 * Asks the rules of a custom resource's schema (`x-kubernetes-validations`), as the server does when an object is created:
 * completed by its defaults, and without those rules that compare it with an older state of itself.
 */
export function ruleFaults(
  object: KubernetesObject,
  { pack, root }: KindSchema,
  schemas: ApiSchemas,
): { readonly faults: readonly Fault[]; readonly unjudged: readonly UnjudgedRule[] } {
  const faults: Fault[] = [];
  const unjudged: UnjudgedRule[] = [];
  const ask = ({ rule, message, fieldPath }: SchemaRule, self: unknown, path: Path) => {
    const holds = schemas.evaluateRule(rule, self);
    if (holds === undefined) unjudged.push({ path, rule });
    else if (!holds)
      faults.push({
        path: [...path, ...stepsOf(fieldPath)],
        what: message ?? 'a rule of its definition does not hold',
        observed: 'what is written',
        expected: rule,
      });
  };
  /** Gives the value as rules see it, once the rules of its parts and its own are asked. */
  const read = (node: SchemaNode, value: unknown, path: Path): unknown => {
    const self = Array.isArray(value)
      ? value.map((item, index) => read(childOf(node.items), item, [...path, index]))
      : typeof value === 'object' && value !== null
        ? readMap(node, value as Readonly<Record<string, unknown>>, path)
        : // Whole numbers are integers, unless the schema speaks of fractions.
          Number.isInteger(value) && node.type !== 'number'
          ? BigInt(value as number)
          : value;
    for (const rule of node.rules ?? []) if (!/\boldSelf\b/.test(rule.rule) && value !== null) ask(rule, self, path);
    return self;
  };
  const readMap = (node: SchemaNode, value: Readonly<Record<string, unknown>>, path: Path): unknown => {
    const { properties = {}, values } = node;
    const self: Record<string, unknown> = {};
    for (const [name, number] of Object.entries(properties)) {
      const part = value[name];
      if (part !== undefined) self[escaped(name)] = read(childOf(number), part, [...path, name]);
    }
    for (const [key, part] of Object.entries(value))
      if (!Object.hasOwn(properties, key)) self[key] = read(childOf(values), part, [...path, key]);
    return self;
  };
  const childOf = (number: number | undefined): SchemaNode => (number === undefined ? {} : nodeAt(pack, number));
  read(root, object, []);
  return { faults, unjudged };
}

const RESERVED: ReadonlySet<string> = new Set(
  'true false null in as break const continue else for function if import let loop package namespace return var void while'.split(
    ' ',
  ),
);

/** How a property's name is written in a rule: k8s.io/apiserver/pkg/cel, Escape. */
function escaped(name: string): string {
  if (RESERVED.has(name)) return `__${name}__`;
  return name
    .replaceAll('__', '__underscores__')
    .replaceAll('.', '__dot__')
    .replaceAll('-', '__dash__')
    .replaceAll('/', '__slash__');
}

/** `.spec.x` as steps; nothing where a rule names no field. */
function stepsOf(fieldPath: string | undefined): readonly string[] {
  return (fieldPath ?? '').split('.').filter((step) => step !== '');
}
