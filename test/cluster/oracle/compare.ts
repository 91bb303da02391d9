import type { SchemaVersion } from '../../../src/core/api-schemas.ts';
import { askChecks, type Opinion } from './ask-checks.ts';
import type { Answer, Ask } from './ask-server.ts';
import type { Specimen } from './corpus.ts';
import { isNamed } from './paths.ts';

/** One object, with what both sides say of it. */
export interface Comparison {
  readonly specimen: Specimen;
  readonly answer: Answer;
  readonly opinion: Opinion;
  /** Both accept it, or both refuse it. */
  readonly sameVerdict: boolean;
  /** The same verdict for the same places: each place of the server's is ours too, and none of ours is another. */
  readonly agrees: boolean;
}

/** At once, so that the server's answers and not the way to it take the time. */
const CONCURRENT = 8;

/** Asks the API server and `validate` about each object of a corpus. */
export async function compareCorpus(
  corpus: readonly Specimen[],
  ask: Ask,
  kubernetes: SchemaVersion,
): Promise<readonly Comparison[]> {
  const comparisons: Comparison[] = [];
  const waiting = corpus.entries();
  const work = async () => {
    for (const [index, specimen] of waiting)
      comparisons[index] = compare(specimen, await ask(specimen.object), await askChecks(specimen.object, kubernetes));
  };
  await Promise.all(Array.from({ length: CONCURRENT }, work));
  return comparisons;
}

function compare(specimen: Specimen, answer: Answer, opinion: Opinion): Comparison {
  const { object } = specimen;
  const sameVerdict = answer.accepted === opinion.accepted;
  const found = answer.paths.every((path) => isNamed(path, opinion.paths, object, answer.unreadable));
  // A server that cannot read an object, or does not admit it, has not looked for anything else.
  const isWhole = answer.paths.length > 0 && !answer.unreadable;
  const invented = isWhole
    ? opinion.paths.filter((path) => !answer.paths.some((theirs) => isNamed(theirs, [path], object, false)))
    : [];
  return { specimen, answer, opinion, sameVerdict, agrees: sameVerdict && found && invented.length === 0 };
}

/** How many in a hundred. */
export function share(comparisons: readonly Comparison[], which: (comparison: Comparison) => boolean): number {
  return (100 * comparisons.filter(which).length) / comparisons.length;
}
