import { AGREEMENT } from './agreement.ts';
import { ANYTHING } from './anything.ts';
import { MISSING } from './missing.ts';
import type { Mutation } from './mutation.ts';
import { NAMES } from './names.ts';
import { NUMBERS } from './numbers.ts';
import { UNDECODABLE } from './undecodable.ts';
import { WORDS } from './words.ts';

/** The catalogue. A new mutation goes to the end of its list, so that it changes as little of the fixed corpus as can be. */
export const MUTATIONS: readonly Mutation[] = [
  ...UNDECODABLE,
  ...MISSING,
  ...NAMES,
  ...NUMBERS,
  ...WORDS,
  ...AGREEMENT,
  ...ANYTHING,
];
