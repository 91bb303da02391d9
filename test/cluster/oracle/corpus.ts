import type { JsonMap } from './json.ts';
import { MUTATIONS } from './mutations/index.ts';
import { MAKERS, type MadeKind } from './objects.ts';
import { type Random, randomFrom } from './random.ts';

/** One object, and what was done to it. */
export interface Specimen {
  /** Its number and mutation, or `valid`: the same for the same seed. */
  readonly name: string;
  readonly mutation: string | undefined;
  readonly object: JsonMap;
}

/** The seed of the corpus that every run asks about. */
export const FIXED_SEED = 20_261_123;

const TRIES = 60;

export interface CorpusSize {
  readonly validOfEachKind: number;
  readonly ofEachMutation: number;
  /** For each mutation that hits a place at random, since the places are many. */
  readonly ofEachRandomMutation: number;
}

/**
 * Draws valid objects of every kind and objects with one mutation each, all from one seed. Every mutation comes up equally
 * often, on a kind and an object drawn anew.
 */
export function drawCorpus(seed: number, size: CorpusSize): readonly Specimen[] {
  const random = randomFrom(seed);
  const kinds = Object.keys(MAKERS) as readonly MadeKind[];
  const valid = kinds.flatMap((kind) =>
    Array.from(
      { length: size.validOfEachKind },
      (_, index): Specimen => ({
        name: `${kind} valid ${index}`,
        mutation: undefined,
        object: MAKERS[kind](random),
      }),
    ),
  );
  const mutated = MUTATIONS.flatMap(({ name, kinds: ofKinds, apply }) =>
    Array.from(
      { length: name.startsWith('any') ? size.ofEachRandomMutation : size.ofEachMutation },
      (_, index): Specimen => {
        const object = drawMutated(ofKinds, apply, random, name);
        return { name: `${String(object.kind)} ${name} ${index}`, mutation: name, object };
      },
    ),
  );
  return [...valid, ...mutated];
}

function drawMutated(
  kinds: readonly MadeKind[],
  apply: (object: JsonMap, random: Random) => boolean,
  random: Random,
  name: string,
): JsonMap {
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const object = structuredClone(MAKERS[random.pick(kinds)](random));
    if (apply(object, random)) return object;
  }
  throw new Error(`The mutation ${name} found nothing to break in ${TRIES} objects.`);
}
