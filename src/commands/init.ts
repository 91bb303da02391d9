import { resolve } from 'node:path';
import { UserError } from '../core/errors.ts';
import { type AnswerName, type GivenAnswers, parseAssignment } from '../scaffold/answers.ts';
import { readNamedAnswers } from '../scaffold/named-answers.ts';
import { applyScaffold, draftAnswers, foldersToRead, hasAnswers, planScaffold } from '../scaffold/scaffold.ts';
import { findManifests } from '../sources/files/find-manifests.ts';
import { scaffoldAsJson, tellScaffold } from './init-tell.ts';
import type { Io, Terminal } from './io.ts';
import { hasColor } from './terminal.ts';

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
  readonly json?: boolean;
  /** Adds to manifests that are there, and only what the checklist lacks. */
  readonly adopt?: boolean;
  readonly color?: boolean;
  /** Looks at the cluster of the kubeconfig for defaults; a context or a kubeconfig implies it. */
  readonly cluster?: boolean;
  readonly context?: string;
  readonly kubeconfig?: string;
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
  const given = answersGiven(options, io);
  const adoption = options.adopt === true ? await (await import('./init-adopt.ts')).judgeProject(root, io) : undefined;
  const manifests = await findManifests(root, adoption === undefined ? foldersToRead(root) : ['.']);
  const person = hasAnswers(root) ? undefined : askable(options, io);
  const surroundings = { manifests, cluster: await answersOfCluster(options, person, io) };
  const answers =
    person === undefined
      ? given
      : await (await import('./init-ask.ts')).askAnswers(
          draftAnswers(root, given, surroundings),
          given,
          person,
          io.signal,
        );
  const scaffold = planScaffold(root, answers, surroundings, adoption);
  if (io.signal.aborted) throw new UserError('Interrupted before anything was written.');
  const isDryRun = options.dryRun === true;
  if (!isDryRun) applyScaffold(root, scaffold);
  const telling = { dir: options.dir, isDryRun, color: hasColor(io.stdout, options.color, io.env) };
  io.stdout.write(options.json === true ? scaffoldAsJson(scaffold, telling) : tellScaffold(scaffold, telling));
  return 0;
}

/** The person who can be asked, if there is one who wants to be. */
function askable({ yes, json }: InitOptions, { terminal }: Io): Terminal | undefined {
  return yes === true || json === true ? undefined : terminal;
}

/** Nothing is asked of a cluster unless a flag or a person says so. */
async function answersOfCluster(options: InitOptions, person: Terminal | undefined, io: Io): Promise<GivenAnswers> {
  const { cluster, context, kubeconfig } = options;
  const isNamed = cluster === true || context !== undefined || kubeconfig !== undefined;
  if (!isNamed && person === undefined) return {};
  const { answersOfCurrentCluster, answersOfNamedCluster } = await import('./init-cluster.ts');
  if (isNamed || person === undefined) return answersOfNamedCluster(options, io);
  const { askForCluster } = await import('./init-ask.ts');
  return answersOfCurrentCluster(io, (name) => askForCluster(name, person, io.signal));
}

/** A flag overrules --set, which overrules the file of --answers. Earlier answers and the repository come after these. */
function answersGiven(options: InitOptions, io: Io): GivenAnswers {
  const flags = FLAGS.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]] as const]));
  const file = options.answers === undefined ? {} : readNamedAnswers(resolve(io.cwd, options.answers));
  return { ...file, ...Object.fromEntries((options.set ?? []).map(parseAssignment)), ...Object.fromEntries(flags) };
}
