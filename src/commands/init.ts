import { resolve } from 'node:path';
import { UserError } from '../core/errors.ts';
import { type AnswerName, type Answers, type GivenAnswers, parseAssignment } from '../scaffold/answers.ts';
import { readNamedAnswers } from '../scaffold/named-answers.ts';
import { applyScaffold, planScaffold, type Scaffold } from '../scaffold/scaffold.ts';
import type { Io } from './io.ts';

export interface InitOptions {
  readonly dir: string;
  readonly name?: string;
  readonly namespace?: string;
  readonly host?: string;
  readonly image?: string;
  readonly port?: number;
  readonly storageSize?: string;
  readonly databaseMajor?: number;
  readonly ingressClass?: string;
  readonly clusterIssuer?: string;
  readonly monitoring?: string;
  /** `key=value`. */
  readonly set?: readonly string[];
  /** A YAML file of answers. */
  readonly answers?: string;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
}

const FLAGS = [
  'name',
  'namespace',
  'host',
  'image',
  'port',
  'storageSize',
  'databaseMajor',
  'ingressClass',
  'clusterIssuer',
  'monitoring',
] as const satisfies readonly AnswerName[];

/** Writes the manifests of a service that is ready. What a person has edited or deleted stays as it is. */
export async function init(options: InitOptions, io: Io): Promise<number> {
  const root = resolve(io.cwd, options.dir);
  const scaffold = planScaffold(root, answersGiven(options, io));
  if (io.signal.aborted) throw new UserError('Interrupted before anything was written.');
  if (options.dryRun !== true) applyScaffold(root, scaffold);
  io.stdout.write(tableOf(scaffold, options.dryRun === true));
  io.stdout.write(nextSteps(scaffold, options.dir));
  return 0;
}

/** A flag overrules --set, which overrules the file of --answers. Earlier answers and the repository come after these. */
function answersGiven(options: InitOptions, io: Io): GivenAnswers {
  const flags = FLAGS.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]] as const]));
  const file = options.answers === undefined ? {} : readNamedAnswers(resolve(io.cwd, options.answers));
  return { ...file, ...Object.fromEntries((options.set ?? []).map(parseAssignment)), ...Object.fromEntries(flags) };
}

function tableOf({ files }: Scaffold, isDryRun: boolean): string {
  const width = Math.max(...files.map(({ path }) => path.length));
  const rows = files.map(({ path, action, why }) =>
    `${action.padEnd(10)} ${path.padEnd(why === undefined ? 0 : width)}${why === undefined ? '' : `  ${why}`}`.trimEnd(),
  );
  const writes = files.filter(({ write }) => write !== undefined).length;
  const sum = isDryRun
    ? `A dry run: nothing was written, ${writes} of ${files.length} files would be.`
    : `${writes} of ${files.length} files were written.`;
  return `${rows.join('\n')}\n\n${sum}\n`;
}

/** What only a person can do, as far as it is still to be done. */
function nextSteps({ answers, files }: Scaffold, dir: string): string {
  if (files.every(({ write }) => write === undefined)) return '';
  const steps = [
    'Fill in OPENAI_API_KEY in k8s/secrets.yaml. Git ignores that file: keep a copy where your team keeps its keys.',
    ...placeholders(answers, dir),
    `Judge what was written: qna-ready validate ${dir}`,
    `See that the cluster has cert-manager with the ClusterIssuer ${answers.clusterIssuer}, and a controller of the class ${answers.ingressClass} in the namespace ${answers.ingressNamespace}.`,
    `Apply it, in this order${dir === '.' ? '' : `, in ${dir}`}: kubectl apply -f k8s/namespace.yaml -f k8s/secrets.yaml && kubectl apply -k k8s`,
    `Judge the cluster: qna-ready audit --namespace ${answers.namespace}`,
  ];
  return `\nNext:\n${steps.map((step, index) => `  ${index + 1}. ${step}`).join('\n')}\n`;
}

function placeholders({ image, host }: Answers, dir: string): readonly string[] {
  return [
    ...(image.startsWith('ghcr.io/example/')
      ? [`Name your image, since ${image} is only a placeholder: qna-ready init ${dir} --image REGISTRY/NAME:TAG`]
      : []),
    ...(/(?:^|\.)example\.(?:com|net|org)$/.test(host)
      ? [`Name your host, since ${host} is only a placeholder: qna-ready init ${dir} --host HOST`]
      : []),
  ];
}
