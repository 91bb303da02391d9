import { type Answers, completeAnswers, type GivenAnswers } from './answers.ts';
import { ANSWERS_FILE, readAnswers, renderAnswers } from './answers-file.ts';
import { applyWrites } from './apply.ts';
import { discover } from './discover.ts';
import { refuseTrackedSecrets } from './git.ts';
import { type FileWrite, type PlannedFile, planFiles, type WantedFile } from './plan.ts';
import { RECORD_FILE, readRecord, renderRecord } from './record.ts';
import { renderSet } from './render.ts';
import { readerOf } from './tree.ts';

export interface Scaffold {
  readonly answers: Answers;
  /** In the order in which they are written. */
  readonly files: readonly PlannedFile[];
}

/** Everything that a run of init would do to a project, without doing it. Throws UserError for what a person can mend. */
export function planScaffold(root: string, given: GivenAnswers): Scaffold {
  const read = readerOf(root);
  const stored = read(ANSWERS_FILE);
  const answers = completeAnswers({ ...readAnswers(stored, ANSWERS_FILE), ...given }, discover(read, root));
  refuseTrackedSecrets(root);
  const before = readRecord(read);
  const { files, record } = planFiles(renderSet(answers, read, before), read, before);
  const state = (path: string, text: string): WantedFile => ({ path, text, mode: 0o644, policy: 'state' });
  const first = planFiles([state(ANSWERS_FILE, renderAnswers(answers, stored))], read, {}).files;
  // Last, so that after an interruption no file is remembered that was not written.
  const last = planFiles([state(RECORD_FILE, renderRecord(record))], read, {}).files;
  return { answers, files: [...files.slice(0, 1), ...first, ...files.slice(1), ...last] };
}

/** Carries the plan out, and returns how many files it wrote. */
export function applyScaffold(root: string, { files }: Scaffold): number {
  const writes = files.flatMap(({ write }): readonly FileWrite[] => (write === undefined ? [] : [write]));
  applyWrites(root, writes);
  return writes.length;
}
