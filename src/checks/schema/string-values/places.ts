import type { Path } from '../../../core/location.ts';
import type { KubernetesObject } from '../../../core/objects.ts';
import { kindOf } from '../../../kubernetes/kinds.ts';
import { OBJECT_FACTS } from '../../../kubernetes/object-facts.ts';

const JUDGED: ReadonlySet<string> = new Set(OBJECT_FACTS);

/** Places whose values schema/string-values judges, with the reason why YAML read them so. One fault is told once. */
export function isToldByStringValues(object: KubernetesObject, path: Path): boolean {
  const fact = kindOf(object)?.fact;
  // Of a Secret's annotations, that check sees none.
  if (fact === undefined || !JUDGED.has(fact) || object.kind === 'Secret') return false;
  const [parent, field] = [path.at(-3), path.at(-2)];
  return (
    (parent === 'metadata' && (field === 'labels' || field === 'annotations')) ||
    (parent === 'env' && path.at(-1) === 'value') ||
    (object.kind === 'ConfigMap' && path.length === 2 && path[0] === 'data')
  );
}
