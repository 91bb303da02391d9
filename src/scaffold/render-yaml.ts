import { type Document, isMap, type Node, parseAllDocuments, Scalar, visit } from 'yaml';
import { substitute, substituteTyped, type Variables, valueNamed } from './variables.ts';

/**
 * Renders a template that is itself valid YAML. Values go into its scalars and not into its text, so no value can become a
 * key, a comment or a second document. Comments survive.
 *
 * A plain `${name}` takes the type of its value; a quoted one is a string whatever the value. A comment line `qna:if name` in
 * front of an entry keeps the entry only where that variable holds, and in front of a document the document; it is never
 * written.
 */
export function renderYaml(template: string, variables: Variables, name: string, pick?: string): string {
  // kubectl reads YAML 1.1, where a bare yes is a boolean and 12:30 a number: with compat such strings are quoted.
  const documents = parseAllDocuments(template, { compat: 'yaml-1.1' }) as readonly Document.Parsed[];
  return documents
    .filter((document) => {
      refuseBroken(document, name);
      return isDocumentKept(document, variables, name);
    })
    .map((document, index) => {
      // The first document that is left begins the file.
      if (index === 0 && document.directives !== undefined) document.directives.docStart = null;
      dropEntries(document, variables, name);
      visit(document, {
        Scalar: (_key, node) => {
          if (typeof node.value === 'string')
            node.value = (node.type === Scalar.PLAIN ? substituteTyped : substitute)(node.value, variables, name);
        },
      });
      visitComments(document, (comment) => lineOfComment(comment, variables, name));
      if (pick !== undefined) document.contents = document.get(pick, true) as Document.Parsed['contents'];
      return document.toString({ lineWidth: 0 });
    })
    .join('');
}

function refuseBroken(document: Document.Parsed, name: string): void {
  const [error] = [...document.errors, ...document.warnings];
  if (error !== undefined) throw new Error(`The template ${name} is broken: ${error.message}`);
}

function isDocumentKept(document: Document.Parsed, variables: Variables, name: string): boolean {
  // The comment at the head of a document belongs to it, to what is in it, or to the first key, by the lines around it.
  const first = isMap(document.contents) ? (document.contents.items[0]?.key as Commented | undefined) : undefined;
  return [document, document.contents as Commented | null, first].every(
    (node) => node === null || node === undefined || holds(node, variables, name),
  );
}

/** Whether the condition in front of a node holds; the condition is taken out of the comment. */
function holds(node: Commented, variables: Variables, name: string): boolean {
  const conditions = [...(node.commentBefore ?? '').matchAll(new RegExp(CONDITION, 'gm'))].map(
    (match) => match[1] ?? '',
  );
  if (conditions.length === 0) return true;
  const rest = (node.commentBefore ?? '').split('\n').filter((line) => !CONDITION.test(line));
  node.commentBefore = rest.length === 0 ? null : rest.join('\n');
  return conditions.every((condition) => {
    const value = valueNamed(condition, variables, name);
    return value !== '' && value !== false;
  });
}

interface Commented {
  commentBefore?: string | null | undefined;
  comment?: string | null | undefined;
}

const CONDITION = /^ qna:if (\w+)$/m;

function dropEntries(document: Document.Parsed, variables: Variables, name: string): void {
  const isKept = (entry: unknown): boolean => entry === null || holds(entry as Commented, variables, name);
  visit(document, {
    Map: (_key, map) => {
      giveToFirst(map, map.items[0]?.key);
      map.items = map.items.filter(({ key }) => isKept(key));
    },
    Seq: (_key, seq) => {
      giveToFirst(seq, seq.items[0]);
      seq.items = seq.items.filter(isKept);
    },
  });
}

/** The comment in front of the first entry belongs to the whole in YAML, but speaks of the entry. */
function giveToFirst(collection: Commented, first: unknown): void {
  if (typeof first !== 'object' || first === null || !CONDITION.test(collection.commentBefore ?? '')) return;
  (first as Commented).commentBefore = collection.commentBefore;
  collection.commentBefore = null;
}

function visitComments(document: Document.Parsed, change: (comment: string) => string): void {
  const inPlace = (node: Commented) => {
    if (node.commentBefore != null) node.commentBefore = change(node.commentBefore);
    if (node.comment != null) node.comment = change(node.comment);
  };
  inPlace(document);
  visit(document, { Node: (_key, node) => inPlace(node as Node) });
}

/** A value with a line break would end its comment. No answer has one, and this holds even if one had. */
function lineOfComment(comment: string, variables: Variables, name: string): string {
  const flat = (value: Variables[string]) => String(value).replace(/\p{Cc}|[\u2028\u2029]/gu, ' ');
  return substitute(comment, variables, name, flat);
}
