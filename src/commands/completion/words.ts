import type { CommandTree } from '../command-tree.ts';

export type Shell = 'bash' | 'zsh' | 'fish';

/** A name to offer, and what a shell that has the place says of it. */
export interface Word {
  readonly name: string;
  readonly description: string;
}

/** The names that the program knows, by what a value is of. */
export interface Words {
  readonly checks: readonly Word[];
  readonly items: readonly Word[];
  readonly reports: readonly string[];
}

/** Makes a script for one shell. It holds everything that it offers: no key press starts the program. */
export type ShellScript = (tree: CommandTree, words: Words) => string;

/** The beginning of a description, for a list that has a line for each. */
export function brief(description: string): string {
  const clause = description.split(/;| \(/)[0]?.trim() ?? '';
  return clause.length <= 72 ? clause : `${clause.slice(0, 71).trimEnd()}…`;
}
