import { compareObjects, type Difference, type Schemas } from './compare.ts';
import { type FieldPath, type FieldStep, formatFieldPath, isWithin, keyValue, valueAt } from './field-path.ts';
import { leftovers } from './leftovers.ts';

/** The two forms of an object, and how far they are known. */
export interface Sides {
  /** As the files have it. */
  readonly declared: object;
  /** As the server has it, with its managedFields. */
  readonly live: object;
  /** As the server would have it if the files were applied; absent where it was not asked, or would not say. */
  readonly applied?: object;
  readonly schemas: Schemas;
  /** An autoscaler sets how many replicas there are. */
  readonly isScaled: boolean;
}

/** The fields that are not as the files say, in the order of the object. */
export function driftOf({ declared, live, applied, schemas, isScaled }: Sides): readonly Difference[] {
  const changed =
    applied === undefined
      ? compareObjects(declared, live, schemas, 'declared')
      : compareObjects(applied, live, schemas, 'served').flatMap((difference) => inFilesWords(difference, declared));
  const all: Difference[] = [];
  for (const difference of [...changed, ...leftovers(declared, live, schemas, applied === undefined)]) {
    const { path } = difference;
    if (isScaled && formatFieldPath(path) === 'spec.replicas') continue;
    if (!all.some((known) => isWithin(path, known.path))) all.push(difference);
  }
  return renumbered(all, declared, live);
}

/**
 * What a person wrote is told as it is written, and not as the server completes it. What the files do not speak of is left out: it
 * follows from what they say, or somebody changed it between two requests.
 */
function inFilesWords(difference: Difference, declared: object): readonly Difference[] {
  const { path, kind } = difference;
  if (kind === 'extra') return valueAt(declared, path.slice(0, -1)) === undefined ? [] : [difference];
  const written = valueAt(declared, path);
  return written === undefined ? [] : [{ ...difference, declared: written }];
}

/**
 * A port whose number was changed is, by its key, one port that is missing and another that is too many. Where they have one name,
 * or are alone in their list, it is told as what somebody changed.
 */
function renumbered(differences: readonly Difference[], declared: object, live: object): readonly Difference[] {
  const taken = new Set<Difference>();
  const told = differences.flatMap((absent): readonly Difference[] => {
    if (taken.has(absent)) return [];
    if (absent.kind !== 'absent' || typeof absent.path.at(-1) !== 'object') return [absent];
    const list = absent.path.slice(0, -1);
    const rivals = differences.filter(
      ({ kind, path }) => kind === 'extra' && path.length === absent.path.length && isWithin(path, list),
    );
    const extra = rivals.find((rival) => isSamePart(absent, rival, list, declared, live));
    if (extra === undefined) return [absent];
    taken.add(extra);
    return changesOf(absent, extra).map(({ name, wanted, found }) => ({
      path: [...extra.path, name],
      kind: 'changed' as const,
      declared: wanted,
      live: found,
    }));
  });
  return told.filter((difference) => !taken.has(difference));
}

/** The fields in which two items differ, their keys among them. */
function changesOf(absent: Difference, extra: Difference) {
  const names = new Set([...keyNames(absent.path.at(-1)), ...Object.keys(absent.declared as object)]);
  return [...names].flatMap((name) => {
    const [wanted, found] = [keyValue(absent.declared, name), keyValue(extra.live, name)];
    return found === undefined || JSON.stringify(wanted) === JSON.stringify(found) ? [] : [{ name, wanted, found }];
  });
}

function keyNames(step: FieldStep | undefined): readonly string[] {
  return typeof step === 'object' ? Object.keys(step.by) : [];
}

function isSamePart(absent: Difference, extra: Difference, list: FieldPath, declared: object, live: object): boolean {
  const nameOf = (value: unknown) => (value as { readonly name?: unknown } | undefined)?.name;
  const [wanted, found] = [nameOf(absent.declared), nameOf(extra.live)];
  const isPort = list.at(-1) === 'ports';
  if (isPort && wanted !== undefined) return wanted === found;
  const counts = [valueAt(declared, list), valueAt(live, list)].map((part) => (Array.isArray(part) ? part.length : 0));
  return isPort && counts.every((count) => count === 1);
}
