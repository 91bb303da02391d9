import { resolve } from 'node:path';
import { UserError } from '../core/errors.ts';
import type { KubernetesObject } from '../core/objects.ts';
import { type AnswerName, type GivenAnswers, parseAssignment } from '../scaffold/answers.ts';
import { readNamedAnswers } from '../scaffold/named-answers.ts';
import { applyScaffold, draftAnswers, foldersToRead, planScaffold } from '../scaffold/scaffold.ts';
import { findManifests } from '../sources/files/find-manifests.ts';
import { scaffoldAsJson, tellScaffold } from './init-tell.ts';
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
  readonly json?: boolean;
  /** Adds to manifests that are there, and only what the checklist lacks. */
  readonly adopt?: boolean;
  readonly color?: boolean;
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
  const answers = await complete(root, given, manifests, options, io);
  const scaffold = planScaffold(root, answers, manifests, adoption);
  if (io.signal.aborted) throw new UserError('Interrupted before anything was written.');
  const isDryRun = options.dryRun === true;
  if (!isDryRun) applyScaffold(root, scaffold);
  const telling = { dir: options.dir, isDryRun, color: hasColor(options, io) };
  io.stdout.write(options.json === true ? scaffoldAsJson(scaffold, telling) : tellScaffold(scaffold, telling));
  return 0;
}

/** Asks for what nobody has said yet, where there is somebody to ask. */
async function complete(
  root: string,
  given: GivenAnswers,
  manifests: readonly KubernetesObject[],
  options: InitOptions,
  io: Io,
): Promise<GivenAnswers> {
  if (io.terminal === undefined || options.yes === true || options.json === true) return given;
  const draft = draftAnswers(root, given, manifests);
  if (draft.isStored) return given;
  return (await import('./init-ask.ts')).askAnswers(draft, given, io.terminal, io.signal);
}

function hasColor({ color }: InitOptions, { stdout, env }: Io): boolean {
  const isRefused = (env.NO_COLOR ?? '') !== '' || env.TERM === 'dumb';
  return color ?? (stdout.isTTY && !isRefused);
}

/** A flag overrules --set, which overrules the file of --answers. Earlier answers and the repository come after these. */
function answersGiven(options: InitOptions, io: Io): GivenAnswers {
  const flags = FLAGS.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]] as const]));
  const file = options.answers === undefined ? {} : readNamedAnswers(resolve(io.cwd, options.answers));
  return { ...file, ...Object.fromEntries((options.set ?? []).map(parseAssignment)), ...Object.fromEntries(flags) };
}
