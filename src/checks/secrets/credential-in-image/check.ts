import { defineCheck, type Verdict } from '../../../core/check.ts';
import type { Dockerfile, DockerfileInstruction } from '../../../core/file-facts.ts';
import { credentialIn, credentialInText } from '../../../kubernetes/credential.ts';
import { orNotApplicable } from '../../verdicts.ts';

export const credentialInImageCheck = defineCheck({
  id: 'secrets/credential-in-image',
  title: 'No credential is built into the image',
  severity: 'error',
  why: 'Whatever is in a layer can be read by everybody who can pull the image, for ever, even when a later layer deletes it.',
  how: 'ENV and ARG values are judged as in a manifest, and RUN lines by the form of keys. COPY and ADD must not name env files or secrets; where they take the whole folder, a .dockerignore must leave .env out.',
  fix: 'Give the credential to the running container from a Secret; at build time use RUN --mount=type=secret. Write a .dockerignore with .env and the secrets in it.',
  verify: 'docker history --no-trunc IMAGE',
  references: [
    'https://docs.docker.com/build/building/secrets/',
    'https://docs.docker.com/build/concepts/context/#dockerignore-files',
  ],
  needs: ['dockerfiles'],
  evaluate: (facts) => orNotApplicable(facts.dockerfiles.flatMap(judge), 'There is no Dockerfile.'),
});

function judge(dockerfile: Dockerfile): readonly Verdict[] {
  const found = dockerfile.instructions.flatMap((instruction) => {
    const fault = faultOf(instruction, dockerfile);
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

type Fault = Pick<Verdict, 'message'> & { readonly observed: string; readonly expected: string };

function faultOf({ keyword, value }: DockerfileInstruction, { dockerignore }: Dockerfile): Fault | undefined {
  if (keyword === 'ENV' || keyword === 'ARG') {
    const what = assignments(keyword, value)
      .map(([name, text]) => credentialIn(name, text))
      .find((kind) => kind !== undefined);
    return what === undefined
      ? undefined
      : {
          message: `${keyword} puts ${what} into the image.`,
          observed: `${what} (not shown)`,
          expected: 'no value in the image',
        };
  }
  if (keyword === 'RUN') {
    const what = credentialInText(value);
    return what === undefined
      ? undefined
      : {
          message: `A RUN line holds ${what}, and lines are kept in the image's history.`,
          observed: `${what} (not shown)`,
          expected: 'RUN --mount=type=secret',
        };
  }
  return keyword === 'COPY' || keyword === 'ADD' ? copyFault(value, dockerignore) : undefined;
}

function copyFault(value: string, dockerignore: readonly string[] | undefined): Fault | undefined {
  const words = value.split(/\s+/);
  if (words.some((word) => word.startsWith('--from='))) return undefined;
  const sources = words.filter((word) => !word.startsWith('--')).slice(0, -1);
  const secret = sources.find((source) =>
    /(?:^|\/)(?:\.env(?:\.(?!example|sample|template)[\w-]+)?|secrets?\.ya?ml|id_(?:rsa|ed25519)|.*\.pem)$/.test(
      source,
    ),
  );
  if (secret !== undefined)
    return {
      message: `${secret} is copied into the image.`,
      observed: secret,
      expected: 'no env file, key or Secret among the sources',
    };
  const wholeFolder = sources.some((source) => source === '.' || source === './');
  if (!wholeFolder || (dockerignore ?? []).some(leavesEnvOut)) return undefined;
  return {
    message: 'The whole folder is copied, and no .dockerignore leaves env files out.',
    observed: dockerignore === undefined ? 'no .dockerignore' : 'a .dockerignore without .env',
    expected: 'a .dockerignore with .env in it',
  };
}

function leavesEnvOut(pattern: string): boolean {
  return /^(?:\*\*\/|\/)?\.env\*?$|^\*$|^\*\*$/.test(pattern);
}

/** `ENV A=b C="d e"`, `ENV A b`, `ARG A=b`. */
function assignments(keyword: string, value: string): readonly (readonly [name: string, value: string])[] {
  const pairs = [...value.matchAll(/([A-Za-z_]\w*)=("(?:[^"\\]|\\.)*"|'[^']*'|\S*)/g)].map(
    ([, name = '', text = '']) => [name, text.replace(/^(["'])(.*)\1$/s, '$2')] as const,
  );
  if (pairs.length > 0 || keyword === 'ARG') return pairs;
  const [, name = '', text = ''] = /^(\S+)\s+(.*)$/s.exec(value) ?? [];
  return [[name, text]];
}
