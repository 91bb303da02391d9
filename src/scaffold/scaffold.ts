import type { KubernetesObject } from '../core/objects.ts';
import { refOf } from '../core/resource.ts';
import { ADOPTABLE, additionsFor, type Gap } from './adopt.ts';
import { type Answers, completeAnswers, fillAnswers, fitting, type GivenAnswers } from './answers.ts';
import { ANSWERS_FILE, readAnswers, renderAnswers } from './answers-file.ts';
import { applyWrites } from './apply.ts';
import { discover, NOTHING_AROUND, type Surroundings } from './discover.ts';
import type { Disk } from './disk.ts';
import { answersIn, type FoundRole, labelsIn } from './existing-manifests.ts';
import { refuseTrackedSecrets, secretsInHistory } from './git.ts';
import { SECRETS_FILE } from './gitignore.ts';
import { type FileWrite, type PlannedFile, planFiles, type WantedFile } from './plan.ts';
import { BASE_FILE, RECORD_FILE, readRecord, renderBases, renderRecord, type ScaffoldRecord } from './record.ts';
import { renderSet } from './render.ts';
import { type ExistingFile, type ReadFile, readerOf } from './tree.ts';

export interface Scaffold {
  readonly answers: Answers;
  /** In the order in which they are written. */
  readonly files: readonly PlannedFile[];
  /** What a person should know before trusting what was written, a sentence each. */
  readonly warnings: readonly string[];
  /** Of an adoption: what is lacking, and what would be added for it. */
  readonly gaps?: readonly Gap[];
  /** Of an adoption: input of which nothing could be learnt, with the reason. */
  readonly notRead?: Adoption['notRead'];
  /** The project as it is before. */
  readonly read: ReadFile;
}

/** Whether an earlier run has left its answers. */
export function hasAnswers(root: string): boolean {
  return readerOf(root)(ANSWERS_FILE) !== undefined;
}

/** What is known before anybody is asked. */
export interface AnswersDraft {
  /** These answers with all others filled in: from the earlier run, from the repository, or by default. */
  completed(given: GivenAnswers): Answers;
}

export function draftAnswers(root: string, given: GivenAnswers, surroundings: Surroundings): AnswersDraft {
  const read = readerOf(root);
  const stored = read(ANSWERS_FILE);
  const found = discover(read, root, surroundings);
  const completed = (answers: GivenAnswers) => fillAnswers(withEarlier(stored, answers), found);
  completed(given);
  return { completed };
}

/** Where manifests of a project usually lie. Once init has written its own, they tell nothing new. */
export function foldersToRead(root: string): readonly string[] {
  return readerOf(root)(RECORD_FILE) === undefined ? ['k8s', 'kubernetes', 'deploy', 'manifests'] : [];
}

/**
 * Everything that a run of init would do to a project, without doing it. Throws UserError for what a person can mend.
 */
export function planScaffold(
  root: string,
  given: GivenAnswers,
  surroundings: Surroundings = NOTHING_AROUND,
  adoption?: Adoption,
): Scaffold {
  const read = readerOf(root);
  const stored = read(ANSWERS_FILE);
  const answers = completeAnswers(withEarlier(stored, given), discover(read, root, surroundings));
  // To adopt writes no secret, and tells of one that is tracked as of any other failure.
  if (adoption === undefined) refuseTrackedSecrets(root);
  const before = readRecord(read);
  const set = renderSet(answers, read, before);
  const { manifests } = surroundings;
  const adopted = adoption === undefined ? undefined : adopt(adoption, set, answers, manifests, before, read);
  const { files, record } = planFiles(adopted?.wanted ?? set, read, before);
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
    ...(adoption === undefined || adopted === undefined
      ? { files: [...files.slice(0, 1), ...first, ...files.slice(1), ...last], warnings: warningsOf(answers, root) }
      : {
          gaps: adopted.gaps,
          notRead: adoption.notRead,
          files: [...first, ...files, ...last],
          warnings: [
            ...warningsOf(answers, root),
            ...(stored === undefined && given.namespace === undefined ? namespaceWarning(manifests, answers) : []),
          ],
        }),
  };
}

function withEarlier(stored: ExistingFile | undefined, given: GivenAnswers): GivenAnswers {
  return { ...fitting(readAnswers(stored, ANSWERS_FILE), given), ...given };
}

/** A check that failed over what is there. */
export interface Failure {
  readonly check: string;
  readonly subject: string;
  readonly message: string;
  readonly fix?: string;
}

/** What is known of manifests of somebody's own before anything is added to them. */
export interface Adoption {
  readonly failures: readonly Failure[];
  readonly roles: readonly FoundRole[];
  readonly notRead: readonly { readonly what: string; readonly reason: string }[];
}

const WORKLOADS = ['Deployment', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob', 'Pod'];

function adopt(
  { failures, roles }: Adoption,
  set: readonly WantedFile[],
  answers: Answers,
  manifests: readonly KubernetesObject[],
  before: ScaffoldRecord,
  read: ReadFile,
) {
  const { name } = answers;
  const labels = labelsIn(manifests, roles, name);
  // What is written is for the service, and mends nothing of the workloads beside it.
  const others = manifests
    .filter(({ kind, metadata }) => WORKLOADS.includes(kind) && metadata?.name !== name)
    .map(refOf);
  const isOfOther = (subject: string) => others.some((ref) => subject === ref || subject.startsWith(`${ref} `));
  // A file of that name that is somebody's own stays as it is, so it would mend nothing.
  const isOurs = ({ path }: WantedFile) => path in before || read(path) === undefined;
  // What an earlier run added is kept up to date, although nothing is lacking any more.
  const kept = ADOPTABLE.flatMap((check) => additionsFor(check, set, answers, labels)).filter(
    ({ path }) => path in before,
  );
  const wanted = new Map(kept.map((file) => [file.path, file]));
  const gaps = failures.map(({ check, subject, message, fix }): Gap => {
    const added = isOfOther(subject) ? [] : additionsFor(check, set, answers, labels).filter(isOurs);
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

/** A kustomization or a pipeline may put the same manifests into several namespaces. */
function namespaceWarning(manifests: readonly KubernetesObject[], { namespace }: Answers): readonly string[] {
  if (answersIn(manifests).namespace !== undefined) return [];
  return [
    `The manifests name no namespace, or several: what is added is for ${namespace}. Name another with --namespace.`,
  ];
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
