import { resolve } from 'node:path';
import { type AnswerName, type Answers, completeAnswers, parseAssignment } from '../scaffold/answers.ts';
import { apply } from '../scaffold/apply.ts';
import { type PlannedFile, plan, rememberWritten } from '../scaffold/plan.ts';
import {
  defaultsOf,
  readAnswers,
  readProjectFile,
  rememberedAnswers,
  renderState,
  writtenBefore,
} from '../scaffold/project.ts';
import { refuseTrackedSecrets, renderGitignore, renderSecrets } from '../scaffold/secrets.ts';
import { renderAll } from '../scaffold/templates.ts';
import type { Io } from './io.ts';

export interface InitOptions {
  readonly dir: string;
  readonly name?: string;
  readonly namespace?: string;
  readonly host?: string;
  readonly image?: string;
  readonly port?: number;
  readonly storageSize?: string;
  readonly ingressClass?: string;
  readonly clusterIssuer?: string;
  readonly monitoring?: string;
  /** `key=value`. */
  readonly set: readonly string[];
  /** A YAML file of answers. */
  readonly answers?: string;
  readonly dryRun: boolean;
}

const FLAGS = [
  'name',
  'namespace',
  'host',
  'image',
  'port',
  'storageSize',
  'ingressClass',
  'clusterIssuer',
  'monitoring',
] as const satisfies readonly AnswerName[];

/** Writes the manifests of a service that is ready. What a person has edited or deleted stays as it is. */
export async function init(options: InitOptions, io: Io): Promise<number> {
  const root = resolve(io.cwd, options.dir);
  const answers = answersFor(options, root, io);
  refuseTrackedSecrets(root);
  const read = (path: string) => readProjectFile(root, path);
  const before = writtenBefore(root);
  const [gitignore] = plan([renderGitignore(read('.gitignore'))], read, { files: {} });
  const files = plan([renderSecrets(answers), ...renderAll(answers)], read, before);
  // The rule that hides the secrets is in place before they are.
  const planned = [...(gitignore === undefined ? [] : [mergedLines(gitignore)]), ...files];
  const state = plan(renderState(answers, rememberWritten(files, before)), read, { files: {} }).map((file) =>
    file.action === 'kept' ? { ...file, action: 'update' as const } : file,
  );
  if (!options.dryRun) apply(root, [...planned, ...state]);
  io.stdout.write(tableOf(planned, options.dryRun));
  if (planned.some(({ action }) => action === 'create')) io.stdout.write(nextSteps(answers, options.dir));
  return 0;
}

/** Flags overrule --set, which overrules the answers file, the run before, and what the repository itself tells. */
function answersFor(options: InitOptions, root: string, io: Io): Answers {
  const flags = Object.fromEntries(
    FLAGS.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]]])),
  );
  const file = options.answers === undefined ? {} : readAnswers(resolve(io.cwd, options.answers), true);
  const assigned = Object.fromEntries(options.set.map(parseAssignment));
  return completeAnswers({ ...rememberedAnswers(root), ...file, ...assigned, ...flags }, defaultsOf(root));
}

/** Lines are only ever added to a .gitignore, so an existing one is updated and never in the way. */
function mergedLines(file: PlannedFile): PlannedFile {
  const { why: _why, ...rest } = file;
  return file.action === 'kept' ? { ...rest, action: 'update' } : file;
}

function tableOf(planned: readonly PlannedFile[], dryRun: boolean): string {
  const lines = planned.map(
    ({ path, action, why }) => `  ${action.padEnd(13)} ${path}${why === undefined ? '' : `  (${why})`}`,
  );
  const writes = planned.filter(({ action }) => action === 'create' || action === 'update').length;
  const done = dryRun ? `${writes} files would be written; this was a dry run.` : `${writes} files were written.`;
  return `${lines.join('\n')}\n${done}\n`;
}

function nextSteps({ name, namespace, image }: Answers, dir: string): string {
  return `
Next:
  1. Fill in OPENAI_API_KEY in k8s/secrets.yaml. Git ignores that file; keep a copy where your team keeps its keys.
  2. Push the image ${image}, or name yours: qna-ready init ${dir} --image …
  3. Judge the files:   qna-ready validate ${dir}
  4. Apply them:        kubectl apply -f k8s/namespace.yaml -f k8s/secrets.yaml && kubectl apply -k k8s
  5. Judge the cluster: qna-ready audit --namespace ${namespace}
The database's user and database are called ${name}; docs/BACKUP.md and docs/RUNBOOK.md tell the rest.
`;
}
