import type { Verdict } from '../../../core/check.ts';

/** What an instruction puts into the image. */
export type Fault = Pick<Verdict, 'message'> & { readonly observed: string; readonly expected: string };
