import { type Declarations, declarationsIn } from '../sources/files/declarations.ts';
import type { Io } from './io.ts';
import type { FilesChoice } from './options.ts';

/** What a cluster is compared with. */
export interface AgainstChoice extends Pick<FilesChoice, 'charts'> {
  readonly paths: readonly string[];
}

/** What files say that a cluster should have. */
export function declarationsOf(
  { paths, charts }: AgainstChoice,
  { cwd, stdin }: Pick<Io, 'cwd' | 'stdin'>,
): Declarations {
  return declarationsIn({ paths, cwd, stdin, charts });
}
