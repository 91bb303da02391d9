import type { Stage } from '../../scenarios/stage.ts';
import type { BrokenStory } from '../../scenarios/story.ts';
import type { Remark } from '../remark.ts';

/** Somebody who judges applications: as they stand in a cluster, or by what their objects read. */
export type Judge = LiveJudge | FileJudge;

interface Described {
  readonly name: string;
  readonly version: string;
  /** How it is asked, for the page. */
  readonly asked: string;
}

/** Both throw where a judge crashes, takes too long, or answers in another form than it should. */
export interface LiveJudge extends Described {
  readonly reads: 'cluster';
  /** With the story where one was told. */
  judge(stage: Stage, story?: BrokenStory): Promise<readonly Remark[]>;
}

export interface FileJudge extends Described {
  readonly reads: 'files';
  /** What is said of each of some files, each of which holds one application. */
  judge(files: readonly string[]): Promise<ReadonlyMap<string, readonly Remark[]>>;
}

/** For those that begin anew with each file. */
export async function oneByOne(
  files: readonly string[],
  judge: (file: string) => Promise<readonly Remark[]>,
): Promise<ReadonlyMap<string, readonly Remark[]>> {
  const said = new Map<string, readonly Remark[]>();
  for (const file of files) said.set(file, await judge(file));
  return said;
}
