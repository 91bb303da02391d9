import { type Document, type Node, parseAllDocuments, Scalar, visit } from 'yaml';
import { substitute, substituteTyped, type Variables, valueNamed } from './variables.ts';

/**
 * Renders a template that is itself valid YAML. Values go into its scalars and not into its text, so no value can become a
 * key, a comment or a second document. Comments survive.
 *
 * A plain `${name}` takes the type of its value; a quoted one is a string whatever the value. A comment line `qna:if name` in
 * front of an entry keeps the entry only where that variable holds; it is never written.
 */
export function renderYaml(template: string, variables: Variables, name: string): string {
  // kubectl reads YAML 1.1, where a bare yes is a boolean and 12:30 a number: with compat such strings are quoted.
  const documents = parseAllDocuments(template, { compat: 'yaml-1.1' }) as readonly Document.Parsed[];
  return documents
    .map((document) => {
      const [error] = [...document.errors, ...document.warnings];
      if (error !== undefined) throw new Error(`The template ${name} is broken: ${error.message}`);
      dropEntries(document, variables, name);
      visit(document, {
        Scalar: (_key, node) => {
          if (typeof node.value === 'string')
            node.value = (node.type === Scalar.PLAIN ? substituteTyped : substitute)(node.value, variables, name);
        },
      });
      visitComments(document, (comment) => lineOfComment(comment, variables, name));
      return document.toString({ lineWidth: 0 });
    })
    .join('');
}

interface Commented {
  commentBefore?: string | null | undefined;
  comment?: string | null | undefined;
}

const CONDITION = /^ qna:if (\w+)$/m;

function dropEntries(document: Document.Parsed, variables: Variables, name: string): void {
  const isKept = (entry: unknown): boolean => {
    const node = entry as Commented | null;
    const condition = CONDITION.exec(node?.commentBefore ?? '')?.[1];
    if (node === null || condition === undefined) return true;
    const rest = (node.commentBefore ?? '').split('\n').filter((line) => !CONDITION.test(line));
    node.commentBefore = rest.length === 0 ? null : rest.join('\n');
    const value = valueNamed(condition, variables, name);
    return value !== '' && value !== false;
  };
  visit(document, {
    Map: (_key, map) => {
      // The comment in front of the first entry belongs to the map itself, where a condition would be overlooked.
      if (CONDITION.test(map.commentBefore ?? ''))
        throw new Error(`The template ${name} has a condition in front of the first entry of a map.`);
      map.items = map.items.filter(({ key }) => isKept(key));
    },
    Seq: (_key, seq) => {
      seq.items = seq.items.filter(isKept);
    },
  });
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
  const flat = Object.fromEntries(
    Object.entries(variables).map(([key, value]) => [key, String(value).replace(/\p{Cc}|[\u2028\u2029]/gu, ' ')]),
  );
  return substitute(comment, flat, name);
}
