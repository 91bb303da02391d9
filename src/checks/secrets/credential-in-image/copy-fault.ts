import { isLeftOut } from './build-context.ts';
import type { Fault } from './fault.ts';

/** What COPY or ADD takes from the build context and should not. */
export function copyFault(value: string, dockerignore: readonly string[]): Fault | undefined {
  const sources = sourcesOf(value);
  const secret = sources.find((source) => isSensitive(source) && !isLeftOut(source, dockerignore));
  if (secret !== undefined)
    return {
      message: `${secret} is copied into the image.`,
      observed: secret,
      expected: 'no env file, key or Secret among the sources',
    };
  const wholeFolder = sources.some((source) => /^(?:\.|\*|\*\*)$/.test(source));
  if (!wholeFolder || isLeftOut('.env', dockerignore)) return undefined;
  return {
    message: 'The whole folder is copied, and no .dockerignore leaves env files out.',
    observed: dockerignore.length === 0 ? 'no .dockerignore' : 'a .dockerignore that lets .env through',
    expected: 'a .dockerignore with .env in it',
  };
}

/** What an instruction takes from the build context, in either of its forms; another stage's files are not the context's. */
function sourcesOf(value: string): readonly string[] {
  const list = /^((?:--\S+\s+)*)\[(.*)\]\s*$/s.exec(value);
  const words = list === null ? value.split(/\s+/) : [...(list[1] ?? '').split(/\s+/), ...quotedIn(list[2] ?? '')];
  if (words.some((word) => word.startsWith('--from='))) return [];
  return words
    .filter((word) => word !== '' && !word.startsWith('--'))
    .slice(0, -1)
    .map((source) => source.replace(/^(?:\.?\/)+(?=.)|\/$/g, '') || '.');
}

function quotedIn(list: string): readonly string[] {
  return [...list.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, word = '']) => word);
}

/** A certificate is meant to be read by everybody; its key is not. */
function isSensitive(source: string): boolean {
  if (/(?:^|[/._-])(?:ca|cert|certs|chain|fullchain|bundle|public)[\w.-]*\.pem$/.test(source)) return false;
  return /(?:^|\/)(?:\.env(?:[.*](?!example|sample|template)[\w.*-]*)?|secrets?\.(?:ya?ml|json)|id_(?:rsa|ecdsa|ed25519)|[^/]*\.(?:pem|key)|\.npmrc|\.netrc|\.pgpass|\.aws|\.ssh)$/.test(
    source,
  );
}
