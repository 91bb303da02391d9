import { findSecrets } from '../core/secret-text.ts';

const EMAIL = /^[^\s@/:]+@[^\s@/:]+\.[a-z]{2,}$/i;

/** An e-mail address or a credential: a label value that must never leave the service. */
export function looksPersonal(value: string): boolean {
  if (value.length < 6) return false;
  return (value.includes('@') && EMAIL.test(value)) || (value.length >= 16 && findSecrets(value).length > 0);
}

const ID_FORMS: readonly { readonly form: string; readonly pattern: RegExp }[] = [
  { form: 'a UUID', pattern: /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/i },
  { form: 'a long hexadecimal id', pattern: /(?:^|[/_:-])(?=[0-9a-f]*[0-9])[0-9a-f]{24,64}(?:$|[/_:-])/i },
  { form: 'a path with a number in it', pattern: /\/[0-9]{2,}(?:\/|$)/ },
  { form: 'a path with a query', pattern: /^\/[^?\s]*\?[^=\s]+=/ },
];

/** Label names whose values are rightly long and hexadecimal: they say which build or host it is. */
const IDENTITY_LABELS =
  /^(?:version|revision|commit|git_?(?:sha|commit|hash|revision)?|build|checksum|digest|sha|image_?id?|serial|cluster|instance|pod|uid|system_id|go_?version|branch|goversion)$/i;

/** What kind of id a label value looks like; undefined where it looks like one of a few values. */
export function idForm(label: string, value: string): string | undefined {
  if (value.length < 4 || IDENTITY_LABELS.test(label)) return undefined;
  return ID_FORMS.find(({ pattern }) => pattern.test(value))?.form;
}
