import { type Declarations, declarationsIn } from '../sources/files/declarations.ts';
import type { Io } from './io.ts';
import type { FilesChoice } from './options.ts';

/** What a cluster is compared with. */
export interface AgainstChoice extends Pick<FilesChoice, 'charts'> {
  readonly paths: readonly string[];
}

/** What files say that the cluster should have; a chart is rendered for the namespace that is looked at. */
export function declarationsOf(
  { paths, charts }: AgainstChoice,
  namespaces: readonly string[] | 'all',
  { cwd, stdin }: Pick<Io, 'cwd' | 'stdin'>,
): Declarations {
  const home = namespaces === 'all' ? undefined : namespaces[0];
  return declarationsIn({
    paths,
    cwd,
    stdin,
    charts: { ...(home === undefined ? {} : { namespace: home }), ...charts },
  });
}
