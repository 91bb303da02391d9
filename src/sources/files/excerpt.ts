import { resolve } from 'node:path';
import { lazily } from '../../core/lazily.ts';
import { maskSecrets } from '../../core/secret-text.ts';
import { credentialIn } from '../../kubernetes/credential.ts';
import { readText } from './read-text.ts';

/** A line of a manifest, with `…` for every value that could be a secret. */
export interface ExcerptLine {
  /** From one. */
  readonly line: number;
  readonly text: string;
}

const HIDDEN = '…';
/** Lines before the one that is meant, and after it. */
const AROUND = 1;
/** What such a value looks like is no secret whatever it is called: a number, a switch, a quantity. */
const PLAIN = /^["']?(?:true|false|null|~|-?\d{1,12}(?:\.\d{1,6})?(?:[KMGTPE]i?|m|%|s)?)["']?$/;
/** A name, a path, an image, a host: words that an object's own fields take. */
const WORD = /^["']?[A-Za-z0-9_./:@*-]{1,100}["']?$/;
/** Fields whose values are somebody's own text. */
const FREE_TEXT = /^(?:value|data|stringData|binaryData|args|command|password|.*\.(?:env|conf|properties|json|ya?ml))$/;

/** Shows lines of the manifests below a folder. Each file is read once; what cannot be read has no lines. */
export function excerptsBelow(cwd: string): (file: string, line: number) => readonly ExcerptLine[] {
  const files = new Map<string, () => readonly string[]>();
  return (file, line) => {
    if (!/\.(?:ya?ml|json)$/.test(file)) return [];
    const lines = files.get(file) ?? lazily(() => outlinedLines(resolve(cwd, file)));
    files.set(file, lines);
    const first = Math.max(1, line - AROUND);
    return lines()
      .slice(first - 1, line + AROUND)
      .map((text, index) => ({ line: first + index, text }));
  };
}

function outlinedLines(file: string): readonly string[] {
  const read = readText(file);
  return read.ok ? outlineText(read.text) : [];
}

/** The lines of a manifest, with `…` for every value that could be a secret. */
export function outlineText(manifest: string): readonly string[] {
  const documents = manifest.split(/^(?=---)/m);
  return documents.flatMap((document) => {
    const closed = isClosed(document);
    return linesOf(document).map((text) => outlineLine(text, closed));
  });
}

/** The values of these are the owner's, and nothing of the form. */
function isClosed(document: string): boolean {
  return /\bkind["']?\s*:\s*["']?(?:Secret|ConfigMap|List)\b/.test(document);
}

function linesOf(document: string): readonly string[] {
  const lines = document.split(/\r?\n/);
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

/** Of which lines of a manifest nobody could say without knowing the object that they hold no secret. */
export function linesWithSecrets(manifest: string): readonly boolean[] {
  const outlines = outlineText(manifest);
  const closed = manifest.split(/^(?=---)/m).flatMap((document) => linesOf(document).map(() => isClosed(document)));
  return manifest.split(/\r?\n/).map((line, index) => {
    if (outlines[index] === line || outlines[index] === undefined) return false;
    const key = KEY_OF_LINE.exec(line)?.[1] ?? '';
    return (
      closed[index] === true || key === '' || FREE_TEXT.test(key) || /\bvalue["']?:/.test(line) || holdsCredential(line)
    );
  });
}

const KEY_OF_LINE = /^\s*(?:- +)*["']?([\w./-]{1,100})["']?:(?: |$)/;

/** A setting on one line, `KEY: value` or `{ name: KEY, value: value }`, or a text that is one by its form. */
export function holdsCredential(line: string): boolean {
  if (maskSecrets(line) !== line) return true;
  const pairs = [...line.matchAll(/([\w.-]+)["']?\s*[:=]\s*["']?([^\s"',;{}]+)/g)].map(
    ([, name = '', value = '']) => [name, value] as const,
  );
  const { name, value } = Object.fromEntries(pairs);
  return [...pairs, [name ?? '', value ?? ''] as const].some((pair) => credentialIn(...pair) !== undefined);
}

/** Keeps the keys of a line, and the values that an object's own fields have. */
function outlineLine(text: string, closed: boolean): string {
  if (/^\s*(?:$|#|---)/.test(text)) return outlineComment(text);
  const [, lead = '', key = '', space = '', value = ''] =
    /^(\s*(?:- +)*)(?:(["']?[\w./-]{1,100}["']?)(:(?: +|$)))?(.*)$/.exec(text) ?? [];
  if (value === '' || /^[|>][+-]?\d?$/.test(value)) return text;
  if (key === '' && !lead.includes('-')) return lead + HIDDEN;
  const shown =
    closed && !/^(?:apiVersion|kind|metadata|name|namespace)$/.test(key) ? HIDDEN : outlineValue(key, value);
  return lead + key + space + shown;
}

function outlineValue(key: string, value: string): string {
  const [, own = '', comment = ''] = /^(.*?)(\s+#.*)?$/.exec(value) ?? [];
  if (PLAIN.test(own)) return own + outlineComment(comment);
  // A word of a list may follow a flag that names a password.
  const isField = key !== '' && !FREE_TEXT.test(key);
  if (isField && WORD.test(own) && maskSecrets(own) === own && credentialIn(key, own) === undefined)
    return own + outlineComment(comment);
  if (isField && /^\{.*\}$/.test(own) && !/["']/.test(own)) return outlineFlow(own);
  return HIDDEN;
}

/** A sentence; one that holds a setting may hold its value. */
function outlineComment(comment: string): string {
  const settings = [...comment.matchAll(/([\w.-]+)["']?\s*[:=]\s*["']?([^\s"',;]+)/g)];
  const tells = settings.some(([, name = '', value = '']) => credentialIn(name, value) !== undefined);
  return tells ? comment.replace(/#.*/s, `# ${HIDDEN}`) : maskSecrets(comment);
}

/** A mapping on one line: the same, field by field. */
function outlineFlow(mapping: string): string {
  return mapping.replace(
    /([\w./-]+)(: *)([^{}[\],]+)/g,
    (_, key: string, colon: string, value: string) =>
      key + colon + outlineValue(key, value.trim()).replace(/\s+$/, '') + (/\s$/.test(value) ? ' ' : ''),
  );
}
