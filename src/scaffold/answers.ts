import { Ajv, type ErrorObject } from 'ajv';
import { UserError } from '../core/errors.ts';
import { parseImageReference } from '../kubernetes/image-reference.ts';
import { parseQuantity } from '../kubernetes/quantity.ts';

/** All that is asked of the owner of a service. Nothing here is secret. */
export interface Answers {
  readonly name: string;
  readonly namespace: string;
  readonly host: string;
  readonly image: string;
  readonly port: number;
  readonly databaseImage: string;
  readonly storageSize: string;
  readonly backupSize: string;
  readonly ingressClass: string;
  readonly ingressNamespace: string;
  readonly monitoringNamespace: string;
  readonly clusterIssuer: string;
  readonly monitoring: 'annotations' | 'operator';
}

export type AnswerName = keyof Answers;

const LABEL = '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$';
/** Leaves room for the suffixes of derived names, such as -restore-drill and the hash of a job, within 52 and 63 characters. */
const MAX_NAME_LENGTH = 30;

interface Rule {
  readonly schema: Readonly<Record<string, unknown>>;
  /** What the answer must be, as the end of a sentence. */
  readonly means: string;
  readonly test?: (value: string) => boolean;
}

const label = (maxLength: number): Rule => ({
  schema: { type: 'string', pattern: LABEL, maxLength },
  means: `lower-case letters, digits and dashes, at most ${maxLength}, as in my-service`,
});
const quantity: Rule = {
  schema: { type: 'string' },
  means: 'a quantity above zero, as in 10Gi',
  test: (value) => (parseQuantity(value) ?? 0) > 0 && /^[0-9.]+[A-Za-z]*$/.test(value),
};
const image: Rule = {
  schema: { type: 'string' },
  means: 'an image with a tag other than latest, or with a digest, as in ghcr.io/team/qna:1.4.2',
  test: (value) => {
    const parsed = parseImageReference(value);
    return (
      parsed !== undefined && (parsed.digest !== undefined || (parsed.tag !== undefined && parsed.tag !== 'latest'))
    );
  },
};
const subdomain: Rule = {
  schema: { type: 'string', maxLength: 253, pattern: `${LABEL.slice(0, -1)}(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$` },
  means: 'lower-case letters, digits, dashes and dots, as in letsencrypt',
};

const RULES: Readonly<Record<AnswerName, Rule>> = {
  name: {
    ...label(MAX_NAME_LENGTH),
    schema: { type: 'string', pattern: '^[a-z]([-a-z0-9]*[a-z0-9])?$', maxLength: MAX_NAME_LENGTH },
    means: `lower-case letters, digits and dashes, at most ${MAX_NAME_LENGTH}, beginning with a letter, as in my-service`,
  },
  namespace: label(63),
  host: {
    schema: {
      type: 'string',
      maxLength: 253,
      pattern: '^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)+$',
    },
    means: 'a host name in lower case, as in qna.example.com',
  },
  image,
  port: { schema: { type: 'integer', minimum: 1024, maximum: 65535 }, means: 'a port from 1024 to 65535' },
  databaseImage: image,
  storageSize: quantity,
  backupSize: quantity,
  ingressClass: subdomain,
  ingressNamespace: label(63),
  monitoringNamespace: label(63),
  clusterIssuer: subdomain,
  monitoring: { schema: { enum: ['annotations', 'operator'] }, means: 'annotations or operator' },
};

export const ANSWER_NAMES = Object.keys(RULES) as readonly AnswerName[];

/** Fills what was not answered, and refuses what cannot be: all problems at once, one sentence each. */
export function completeAnswers(given: Readonly<Record<string, unknown>>, defaults: Partial<Answers>): Answers {
  const unknown = Object.keys(given).filter((name) => !ANSWER_NAMES.includes(name as AnswerName));
  if (unknown.length > 0)
    throw new UserError(`There is no answer called ${unknown.join(' or ')}.`, {
      hint: `The answers are: ${ANSWER_NAMES.join(', ')}.`,
    });
  const name = String(given.name ?? defaults.name ?? 'qna');
  const answers = {
    name,
    namespace: name,
    host: `${name}.example.com`,
    image: `ghcr.io/example/${name}:0.1.0`,
    port: 8080,
    databaseImage: 'docker.io/library/postgres:18.4',
    storageSize: '10Gi',
    backupSize: '10Gi',
    ingressClass: 'traefik',
    ingressNamespace: 'traefik',
    monitoringNamespace: 'monitoring',
    clusterIssuer: 'letsencrypt',
    monitoring: 'annotations',
    ...defaults,
    ...given,
  };
  const ajv = new Ajv({ allErrors: true, strict: false });
  const schemas = Object.fromEntries(ANSWER_NAMES.map((key) => [key, RULES[key].schema]));
  ajv.validate({ type: 'object', properties: schemas }, answers);
  const refused = new Set((ajv.errors ?? []).map(({ instancePath }: ErrorObject) => instancePath.slice(1)));
  for (const key of ANSWER_NAMES) if (RULES[key].test?.(String(answers[key])) === false) refused.add(key);
  if (refused.size > 0)
    throw new UserError([...refused].map((key) => `${key} must be ${RULES[key as AnswerName].means}.`).join(' '), {
      hint: 'Give it with its flag, with --set, or in the answers file.',
    });
  return answers as Answers;
}

/** Turns `key=value` into an answer; numbers stay what they are. */
export function parseAssignment(text: string): readonly [string, unknown] {
  const equals = text.indexOf('=');
  if (equals < 1)
    throw new UserError(`--set ${text} is not of the form key=value.`, { hint: 'As in: --set backupSize=20Gi.' });
  const value = text.slice(equals + 1);
  const key = text.slice(0, equals);
  return [key, key === 'port' && /^\d+$/.test(value) ? Number(value) : value];
}
