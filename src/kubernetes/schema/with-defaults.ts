import type { KindSchema, SchemaNode } from '../../core/api-schemas.ts';
import type { KubernetesObject } from '../../core/objects.ts';
import { nodeAt } from './node-at.ts';

/**
 * A custom resource as the server completes it before it judges it: defaults are filled in, and a field that is null and may not be
 * is taken for one that is missing. Nothing is at another place than before.
 */
export function withDefaults(object: KubernetesObject, { pack, root }: KindSchema): KubernetesObject {
  const childOf = (number: number | undefined): SchemaNode => (number === undefined ? {} : nodeAt(pack, number));
  const complete = (node: SchemaNode, value: unknown): unknown => {
    if (Array.isArray(value)) return value.map((item) => complete(childOf(node.items), item));
    if (typeof value !== 'object' || value === null) return value;
    const written = value as Readonly<Record<string, unknown>>;
    const { properties = {}, values } = node;
    const completed: Record<string, unknown> = {};
    for (const [key, part] of Object.entries(written))
      if (!Object.hasOwn(properties, key)) completed[key] = complete(childOf(values), part);
      else if (!isDropped(childOf(properties[key]), part)) completed[key] = complete(childOf(properties[key]), part);
    for (const [name, number] of Object.entries(properties)) {
      const child = childOf(number);
      if (!Object.hasOwn(completed, name) && child.default !== undefined)
        completed[name] = complete(child, child.default);
    }
    return completed;
  };
  return complete(root, object) as KubernetesObject;
}

/** Metadata is read by a schema of its own. */
function isDropped(node: SchemaNode, part: unknown): boolean {
  return part === null && node.nullable !== true && node.isMetadata !== true;
}
