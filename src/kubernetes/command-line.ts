import { credentialIn, credentialInText } from './credential.ts';

/** A credential among the words of a command. */
export interface CredentialInWords {
  readonly index: number;
  readonly what: string;
}

/** Finds `--api-key=…`, `--api-key …`, `PGPASSWORD=… pg_dump`, and whatever a key's own form gives away. */
export function credentialsInWords(words: readonly string[]): readonly CredentialInWords[] {
  return words.flatMap((word, index) => {
    const what = credentialInWord(String(word)) ?? credentialAfterFlag(words[index - 1], String(word));
    return what === undefined ? [] : [{ index, what }];
  });
}

function credentialInWord(word: string): string | undefined {
  const byForm = credentialInText(word);
  if (byForm !== undefined) return byForm;
  for (const { groups } of word.matchAll(
    /(?:^|\s|["'])(?:--?)?(?<name>[A-Za-z][\w.-]{0,127})=(?<value>[^\s"';|&]{1,4096})/g,
  )) {
    const value = groups?.value ?? '';
    const what = /^[$`]/.test(value) ? undefined : credentialIn(groups?.name ?? '', value);
    if (what !== undefined) return what;
  }
  return undefined;
}

function credentialAfterFlag(flag: string | undefined, word: string): string | undefined {
  const name = /^--?([A-Za-z][\w.-]*)$/.exec(String(flag ?? ''))?.[1];
  return name === undefined || /^[-$`]/.test(word) || /\s/.test(word) ? undefined : credentialIn(name, word);
}
