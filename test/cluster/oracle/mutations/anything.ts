import { anywhere, EMPTY, GARBLED, GONE, isLeaf, isList, isMap, NULL, RETYPED, STRANGER, TWICE } from '../anywhere.ts';
import { ALL, type Mutation, on } from './mutation.ts';

/** What nobody thought of. */
export const ANYTHING: readonly Mutation[] = [
  on('anything-gone', ALL, anywhere(GONE)),
  on('anything-null', ALL, anywhere(NULL)),
  on('anything-empty', ALL, anywhere(EMPTY)),
  on('anything-of-another-type', ALL, anywhere(RETYPED)),
  on('any-leaf-garbled', ALL, anywhere(GARBLED, isLeaf)),
  on('any-list-with-an-item-twice', ALL, anywhere(TWICE, isList)),
  on('any-map-with-a-stranger', ALL, anywhere(STRANGER, isMap)),
];
