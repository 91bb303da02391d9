import { ADOPTABLE, additionsFor, type Gap, labelsIn } from './adopt.ts';
import { type Answers, completeAnswers, fillAnswers, type GivenAnswers } from './answers.ts';
import { ANSWERS_FILE, readAnswers, renderAnswers } from './answers-file.ts';
import { applyWrites } from './apply.ts';
import { discover, manifestsIn } from './discover.ts';
import type { Disk } from './disk.ts';
import type { Manifest } from './existing-manifests.ts';
import { refuseTrackedSecrets, secretsInHistory } from './git.ts';
import { SECRETS_FILE } from './gitignore.ts';
import { type FileWrite, type PlannedFile, planFiles, type WantedFile } from './plan.ts';
import { BASE_FILE, RECORD_FILE, readRecord, renderBases, renderRecord, type ScaffoldRecord } from './record.ts';
import { renderSet } from './render.ts';
import { listerOf, type ReadFile, readerOf } from './tree.ts';

export interface Scaffold {
  readonly answers: Answers;
  /** In the order in which they are written. */
  readonly files: readonly PlannedFile[];
  /** What a person should know before trusting what was written, a sentence each. */
  readonly warnings: readonly string[];
  /** Of an adoption: what is lacking, and what would be added for it. */
  readonly gaps?: readonly Gap[];
  /** The project as it is before. */
  readonly read: ReadFile;
}

/** What is known before anybody is asked. */
export interface AnswersDraft {
  /** Whether an earlier run has left its answers. */
  readonly isStored: boolean;
  /** These answers with all others filled in: from the earlier run, from the repository, or by default. */
  completed(given: GivenAnswers): Answers;
}

export function draftAnswers(root: string, given: GivenAnswers): AnswersDraft {
  const read = readerOf(root);
  const stored = read(ANSWERS_FILE);
  const found = discover(read, root, listerOf(root));
  const completed = (answers: GivenAnswers) => fillAnswers({ ...readAnswers(stored, ANSWERS_FILE), ...answers }, found);
  completed(given);
  return { isStored: stored !== undefined, completed };
}

/** Everything that a run of init would do to a project, without doing it. Throws UserError for what a person can mend. */
export function planScaffold(root: string, given: GivenAnswers, failures?: readonly Failure[]): Scaffold {
  const read = readerOf(root);
  const stored = read(ANSWERS_FILE);
  const answers = completeAnswers(
    { ...readAnswers(stored, ANSWERS_FILE), ...given },
    discover(read, root, listerOf(root)),
  );
  refuseTrackedSecrets(root);
  const before = readRecord(read);
  const set = renderSet(answers, read, before);
  const manifests = manifestsIn(read, listerOf(root));
  const adoption = failures === undefined ? undefined : adopt(failures, set, answers, manifests, before);
  const { files, record } = planFiles(adoption?.wanted ?? set, read, before);
  const state = (path: string, text: string): WantedFile => ({ path, text, mode: 0o644, policy: 'state' });
  const first = planFiles([state(ANSWERS_FILE, renderAnswers(answers, stored))], read, {}).files;
  // Last, so that after an interruption no file is remembered that was not written. The digests come before the texts: of a
  // file that was merged, the next run then knows that there is nothing new for it.
  const last = planFiles(
    [state(RECORD_FILE, renderRecord(record)), state(BASE_FILE, renderBases(record))],
    read,
    {},
  ).files;
  return {
    answers,
    read,
    warnings: warningsOf(answers, root),
    ...(adoption === undefined
      ? { files: [...files.slice(0, 1), ...first, ...files.slice(1), ...last] }
      : { gaps: adoption.gaps, files: [...first, ...files, ...last] }),
  };
}

/** A check that failed over what is there. */
export interface Failure {
  readonly check: string;
  readonly subject: string;
  readonly message: string;
  readonly fix?: string;
}

function adopt(
  failures: readonly Failure[],
  set: readonly WantedFile[],
  { name }: Answers,
  manifests: readonly Manifest[],
  before: ScaffoldRecord,
) {
  const labels = labelsIn(manifests, name);
  // What an earlier run added is kept up to date, although nothing is lacking any more.
  const kept = ADOPTABLE.flatMap((check) => additionsFor(check, set, name, labels)).filter(
    ({ path }) => path in before,
  );
  const wanted = new Map(kept.map((file) => [file.path, file]));
  const gaps = failures.map(({ check, subject, message, fix }): Gap => {
    const added = additionsFor(check, set, name, labels);
    for (const file of added) wanted.set(file.path, file);
    const adds = added.map(({ path }) => path);
    return { check, subject, message, adds, ...(fix === undefined ? {} : { fix }) };
  });
  return { gaps, wanted: [...wanted.values()] };
}

/** Carries the plan out, and returns how many files it wrote. */
export function applyScaffold(root: string, { files }: Scaffold, disk?: Disk): number {
  const writes = files.flatMap((file): readonly FileWrite[] => file.writes);
  applyWrites(root, writes, disk);
  return writes.length;
}

function warningsOf({ exposure, ingressController }: Answers, root: string): readonly string[] {
  const commit = secretsInHistory(root);
  return [
    ...(commit === undefined
      ? []
      : [
          `The history of this repository holds ${SECRETS_FILE} (commit ${commit}): whoever can clone it has read its secrets. Change every one of them, and take the file out of the history with git filter-repo.`,
        ]),
    ...(exposure === 'ingress' && ingressController === 'ingress-nginx'
      ? [
          'ingress-nginx is unmaintained since 2026-03-24: what is found in it stays open. Choose another controller, or the Gateway API: --set exposure=gateway.',
        ]
      : []),
  ];
}
