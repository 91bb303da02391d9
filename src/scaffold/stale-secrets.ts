import { parseDocument } from 'yaml';

/**
 * What the secrets of an earlier run are still called where the answers have changed since, as `Secret qna/qna-secrets`;
 * undefined where they fit. The values are not looked at.
 */
export function staleSecretName(existing: string, wanted: string): string | undefined {
  const [is, shouldBe] = [nameOf(existing), nameOf(wanted)];
  return is === undefined || is === shouldBe ? undefined : is;
}

/** Undefined also where a person has made something else of the file: that is theirs to know. */
function nameOf(text: string): string | undefined {
  const document = parseDocument(text);
  if (document.errors.length > 0) return undefined;
  const [namespace, name] = ['namespace', 'name'].map((key) => document.getIn(['metadata', key]));
  return typeof namespace === 'string' && typeof name === 'string' ? `Secret ${namespace}/${name}` : undefined;
}
