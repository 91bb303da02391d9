import { defineCheck, type Verdict } from '../../../core/check.ts';
import type { Dockerfile, DockerfileInstruction } from '../../../core/file-facts.ts';
import { credentialsInWords } from '../../../kubernetes/command-line.ts';
import { credentialIn, soundsLikeCredential } from '../../../kubernetes/credential.ts';
import { orNotApplicable } from '../../verdicts.ts';
import { copyFault } from './copy-fault.ts';
import type { Fault } from './fault.ts';

export const credentialInImageCheck = defineCheck({
  id: 'secrets/credential-in-image',
  title: 'No credential is built into the image',
  severity: 'error',
  why: 'Whatever is in a layer can be read by everybody who can pull the image, for ever, even when a later layer deletes it.',
  how: 'ENV and ARG values are judged as in a manifest, an ARG without a value by its name, and every other instruction as a command line. COPY and ADD must not name env files, keys or secrets that the .dockerignore lets through; where they take the whole folder, it must leave .env out. Files of another stage are not asked.',
  fix: 'Give the credential to the running container from a Secret; at build time use RUN --mount=type=secret. Write a .dockerignore with .env and the secrets in it.',
  verify: 'docker history --no-trunc IMAGE',
  references: [
    'https://docs.docker.com/build/building/secrets/',
    'https://docs.docker.com/build/concepts/context/#dockerignore-files',
  ],
  needs: ['dockerfiles'],
  evaluate: (facts, { notCredentials }) =>
    orNotApplicable(
      facts.dockerfiles.flatMap((dockerfile) => judge(dockerfile, notCredentials)),
      'There is no Dockerfile.',
    ),
});

function judge(dockerfile: Dockerfile, notCredentials: readonly string[]): readonly Verdict[] {
  const found = dockerfile.instructions.flatMap((instruction) => {
    const fault = faultOf(instruction, dockerfile, notCredentials);
    return fault === undefined
      ? []
      : [
          {
            outcome: 'fail' as const,
            subject: `${dockerfile.file} ${instruction.keyword}`,
            where: instruction.where,
            ...fault,
          },
        ];
  });
  if (found.length > 0) return found;
  return [{ outcome: 'pass', subject: dockerfile.file, message: 'No instruction puts a credential into a layer.' }];
}

function faultOf(
  { keyword, value }: DockerfileInstruction,
  { dockerignore }: Dockerfile,
  notCredentials: readonly string[],
): Fault | undefined {
  if (keyword === 'COPY' || keyword === 'ADD') return copyFault(value, dockerignore ?? []);
  if (keyword === 'ARG') return argumentFault(value, notCredentials);
  const what =
    keyword === 'ENV'
      ? assignments(value)
          .filter(([name]) => !notCredentials.includes(name))
          .map(([name, text]) => credentialIn(name, text))
          .find((kind) => kind !== undefined)
      : credentialsInWords([value])[0]?.what;
  return what === undefined
    ? undefined
    : {
        message: `${keyword} holds ${what}, and every instruction is kept in the image's history.`,
        observed: `${what} (not shown)`,
        expected: keyword === 'RUN' ? 'RUN --mount=type=secret' : 'no value in the image',
      };
}

/** An argument without a default gets its value from the command line of the build, and the history keeps that as well. */
function argumentFault(value: string, notCredentials: readonly string[]): Fault | undefined {
  const name = /^[A-Za-z_]\w*/.exec(value)?.[0] ?? '';
  if (notCredentials.includes(name)) return undefined;
  const text = assignments(value)[0]?.[1] ?? '';
  const what = text === '' ? undefined : credentialIn(name, text);
  if (what === undefined && (text !== '' || !soundsLikeCredential(name))) return undefined;
  return {
    message: `The build argument ${name} carries a credential, and the image's history keeps it.`,
    observed: `ARG ${name}${what === undefined ? '' : `, ${what} (not shown)`}`,
    expected: 'RUN --mount=type=secret',
  };
}

/** `ENV A=b C="d e"`, `ENV A b`, `ARG A=b`. */
function assignments(value: string): readonly (readonly [name: string, value: string])[] {
  const pairs = [...value.matchAll(/([A-Za-z_]\w*)=("(?:[^"\\]|\\.)*"|'[^']*'|\S*)/g)].map(
    ([, name = '', text = '']) => [name, text.replace(/^(["'])(.*)\1$/s, '$2')] as const,
  );
  if (pairs.length > 0) return pairs;
  const [, name, text = ''] = /^(\S+)\s+(.*)$/s.exec(value) ?? [];
  return name === undefined ? [] : [[name, text]];
}
