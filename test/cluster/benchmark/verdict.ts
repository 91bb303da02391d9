import type { BrokenStory } from '../scenarios/story.ts';
import { EFFECT_WORDS, FAULT_WORDS } from './faults.ts';
import type { Remark } from './remark.ts';

/** How well a judge saw a fault, the best first. */
export const OUTCOMES = ['named', 'effect', 'other', 'nothing', 'failed'] as const;
export type Outcome = (typeof OUTCOMES)[number];

export interface Verdict {
  readonly outcome: Outcome;
  /** What was said that decides the outcome, and, of a judge that failed, why. */
  readonly because: readonly Remark[] | string;
  /** What else was said of the broken application and not of the healthy one. */
  readonly besides: readonly Remark[];
}

/** What a judge made of a story, by what it says of the broken application alone. */
export function verdictOf(story: string, fresh: readonly Remark[]): Verdict {
  const words = FAULT_WORDS[story];
  if (words === undefined) throw new Error(`Write down in faults.ts by which words the fault ${story} is known.`);
  return sort(fresh, (remark) => words.test(line(remark)));
}

/** Ours is held to more: the check that the story names must say what the story demands. */
export function ourVerdict(
  { name, verdict }: Pick<BrokenStory, 'name' | 'verdict'>,
  fresh: readonly Remark[],
): Verdict {
  // What is compared has HOST in the place of the host, which a story can demand by name.
  const lineOf = (remark: Remark) => line(remark).replaceAll('HOST', `${name}.example.test`);
  return sort(
    fresh,
    (remark) => verdict.by !== 'nobody yet' && remark.check === verdict.check && verdict.says.test(lineOf(remark)),
  );
}

export function failed(why: unknown): Verdict {
  return { outcome: 'failed', because: why instanceof Error ? why.message : String(why), besides: [] };
}

/** A remark as one line. */
export function line({ check, object, words }: Remark): string {
  return `${check} ${object}: ${words}`;
}

function sort(fresh: readonly Remark[], names: (remark: Remark) => boolean): Verdict {
  const named = fresh.filter(names);
  const effects = fresh.filter((remark) => EFFECT_WORDS.test(remark.words));
  const [outcome, because]: [Outcome, readonly Remark[]] =
    named.length > 0
      ? ['named', named]
      : effects.length > 0
        ? ['effect', effects]
        : [fresh.length > 0 ? 'other' : 'nothing', fresh];
  return { outcome, because, besides: fresh.filter((remark) => !because.includes(remark)) };
}
