import type { LabelSelector } from '../core/objects.ts';

type Labels = Readonly<Record<string, string>>;

/**
 * Matches as the API machinery does (k8s.io/apimachinery, LabelSelectorAsSelector): a selector that is absent matches
 * nothing, an empty one everything, an expression with an operator that does not exist nothing.
 */
export function matchesSelector(selector: LabelSelector | undefined | null, labels: Labels | undefined): boolean {
  if (selector === undefined || selector === null) return false;
  const present = labels ?? {};
  return (
    Object.entries(selector.matchLabels ?? {}).every(([key, value]) => labelOf(present, key) === value) &&
    (selector.matchExpressions ?? []).every(({ key, operator, values }) => {
      const value = labelOf(present, key);
      switch (operator) {
        case 'In':
          return value !== undefined && (values ?? []).includes(value);
        case 'NotIn':
          return value === undefined || !(values ?? []).includes(value);
        case 'Exists':
          return value !== undefined;
        case 'DoesNotExist':
          return value === undefined;
        default:
          return false;
      }
    })
  );
}

/** A Service's selector is a bare map, and without one the Service selects no pod at all. */
export function matchesServiceSelector(selector: Labels | undefined | null, labels: Labels | undefined): boolean {
  const pairs = Object.entries(selector ?? {});
  return pairs.length > 0 && pairs.every(([key, value]) => labelOf(labels ?? {}, key) === value);
}

/** Objects without a namespace are applied together, so two absent ones are the same. */
export function sameNamespace(
  a: { readonly metadata?: { readonly namespace?: string } },
  b: { readonly metadata?: { readonly namespace?: string } },
): boolean {
  const [left, right] = [a.metadata?.namespace, b.metadata?.namespace];
  return left === right || left === undefined || right === undefined;
}

function labelOf(labels: Labels, key: string): string | undefined {
  return Object.hasOwn(labels, key) ? labels[key] : undefined;
}
