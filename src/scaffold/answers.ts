import { Ajv, type ErrorObject } from 'ajv';
import { UserError } from '../core/errors.ts';
import { RULES } from './answer-rules.ts';

/** All that is asked of the owner of a service. Nothing here is secret. */
export interface Answers {
  readonly name: string;
  readonly namespace: string;
  readonly host: string;
  readonly image: string;
  readonly port: number;
  readonly replicas: number;
  readonly storageSize: string;
  /** Empty for the cluster's default class. */
  readonly storageClass: string;
  readonly databaseMajor: number;
  /** Empty for the official image of that major version. */
  readonly databaseImage: string;
  readonly backupSize: string;
  /** Five fields, in UTC. */
  readonly backupSchedule: string;
  readonly backupsKept: number;
  readonly backupMaxAgeHours: number;
  readonly drillSchedule: string;
  readonly ingressClass: string;
  readonly ingressNamespace: string;
  readonly ingressPath: string;
  readonly clusterIssuer: string;
  readonly monitoring: 'annotations' | 'operator';
  readonly monitoringNamespace: string;
  /** The label by which Prometheus chooses its monitors. */
  readonly prometheusRelease: string;
  /** The version of the Pod Security rules that the namespace holds to. */
  readonly kubernetesVersion: string;
  readonly runtime: 'node' | 'python';
  readonly entryPoint: string;
}

export type AnswerName = keyof Answers;
export type GivenAnswers = Readonly<Record<string, unknown>>;

export const ANSWER_NAMES = Object.keys(RULES) as readonly AnswerName[];

/** The answers where neither the person nor the repository says another. Some follow from the name. */
function defaultsFor(name: string, ingressClass: string): Answers {
  return {
    name,
    namespace: name,
    host: `${name}.example.com`,
    image: `ghcr.io/example/${name}:0.1.0`,
    port: 8080,
    replicas: 2,
    storageSize: '10Gi',
    storageClass: '',
    databaseMajor: 18,
    databaseImage: '',
    backupSize: '20Gi',
    backupSchedule: '17 2 * * *',
    backupsKept: 14,
    backupMaxAgeHours: 26,
    drillSchedule: '47 3 * * 0',
    ingressClass,
    ingressNamespace: ingressClass,
    ingressPath: '/',
    clusterIssuer: 'letsencrypt-prod',
    monitoring: 'annotations',
    monitoringNamespace: 'monitoring',
    prometheusRelease: 'kube-prometheus-stack',
    kubernetesVersion: '1.35',
    runtime: 'node',
    entryPoint: 'server.js',
  };
}

/** Fills what was not answered, and refuses what cannot be: every problem at once, one sentence each. */
export function completeAnswers(given: GivenAnswers, found: Partial<Answers> = {}): Answers {
  const unknown = Object.keys(given).filter((key) => !(ANSWER_NAMES as readonly string[]).includes(key));
  if (unknown.length > 0)
    throw new UserError(`There is no answer called ${unknown.map(shown).join(' or ')}.`, {
      hint: `The answers are: ${ANSWER_NAMES.join(', ')}.`,
    });
  const name = textOf(given.name) ?? found.name ?? 'qna';
  const ingressClass = textOf(given.ingressClass) ?? found.ingressClass ?? 'traefik';
  const answers: GivenAnswers = { ...defaultsFor(name, ingressClass), ...found, ...given };
  const problems = ANSWER_NAMES.filter((key) => !isAllowed(key, answers[key]));
  // What follows from a wrong name is not wrong by itself.
  const told = problems.filter((key) => !problems.includes('name') || key === 'name' || key in given);
  if (told.length > 0)
    throw new UserError(told.map((key) => problemOf(key, answers[key])).join('\n'), {
      hint: 'Give it by its flag, with --set NAME=VALUE, or in the file of --answers.',
    });
  return answers as unknown as Answers;
}

/** One sentence on what is wrong with an answer; undefined where nothing is. */
export function problemOf(key: AnswerName, value: unknown): string | undefined {
  return isAllowed(key, value) ? undefined : `${key} must be ${RULES[key].means}, not ${shown(value)}.`;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function isAllowed(key: AnswerName, value: unknown): boolean {
  return !refusedBySchema(value, key) && RULES[key].test?.(String(value)) !== false;
}

let validator: Ajv | undefined;

function refusedBySchema(value: unknown, key: AnswerName): boolean {
  validator ??= new Ajv({ strict: false });
  const errors: readonly ErrorObject[] | null | undefined = validator.validate(RULES[key].schema, value)
    ? undefined
    : validator.errors;
  return (errors ?? []).length > 0;
}

/** `key=value` of --set, with the type that the answer has. */
export function parseAssignment(text: string): readonly [string, unknown] {
  const equals = text.indexOf('=');
  if (equals < 1)
    throw new UserError(`--set ${shown(text)} is not of the form NAME=VALUE.`, {
      hint: 'As in: --set backupSize=20Gi.',
    });
  return [text.slice(0, equals), typed(text.slice(0, equals), text.slice(equals + 1))];
}

/** A text with the type that the answer has. */
export function typed(key: string, value: string): unknown {
  const example = (defaultsFor('qna', 'traefik') as unknown as GivenAnswers)[key];
  return typeof example === 'number' && /^\d{1,9}$/.test(value) ? Number(value) : value;
}

/** Short, and on one line, whatever it is. */
function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
