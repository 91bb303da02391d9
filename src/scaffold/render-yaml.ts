import { type Document, isMap, isScalar, isSeq, type Node, type Pair, parseAllDocuments, Scalar, visit } from 'yaml';
import { substitute, type Variables } from './variables.ts';

/**
 * Renders a template that is itself valid YAML. Values are put into its scalars, not into its text, so no value can become a
 * key, a comment or a second document; what YAML 1.1 would misread is quoted. Comments survive.
 *
 * A comment line `when: key=value` in front of an entry keeps the entry only where that is so.
 */
export function renderYaml(template: string, variables: Variables, name: string): string {
  const documents = parseAllDocuments(template, { keepSourceTokens: false }) as readonly Document.Parsed[];
  return documents
    .map((document) => {
      const error = document.errors[0];
      if (error !== undefined) throw new Error(`the template ${name} is broken: ${error.message}`);
      resolveConditions(document, variables);
      visit(document, {
        Scalar(_key, node) {
          if (typeof node.value !== 'string' || !node.value.includes('${')) return;
          const value = substitute(node.value, variables, name);
          node.value = value;
          if (typeof value === 'string' && node.type === Scalar.PLAIN && isAmbiguous(value))
            node.type = Scalar.QUOTE_DOUBLE;
        },
      });
      substituteComments(document, variables, name);
      return document.toString({ lineWidth: 0, flowCollectionPadding: true, directives: false });
    })
    .map((text) => text.replace(/^---\n/, ''))
    .join('---\n');
}

/** YAML 1.1 reads these as something other than a string, and kubectl reads YAML 1.1. */
function isAmbiguous(value: string): boolean {
  return (
    /^(?:y|n|yes|no|on|off|true|false|null|~|)$/i.test(value) ||
    /^[-+]?[0-9.][0-9_.,:xobeE+-]*$/.test(value) ||
    /^0x[0-9a-f_]+$/i.test(value) ||
    /^[-+]?\.(?:inf|nan)$/i.test(value)
  );
}

function resolveConditions(document: Document.Parsed, variables: Variables): void {
  visit(document, {
    Collection(_key, node) {
      if (!isMap(node) && !isSeq(node)) return;
      const items = node.items as (Pair | Node)[];
      // The comment in front of the first entry belongs to the collection itself.
      if (items.length > 0 && hasCondition(node.commentBefore)) moveComment(node, items[0] as Pair | Node);
      node.items = items.filter((item) => {
        const holder = commentHolder(item);
        const condition = /^ when: (\S+)=(\S+)$/m.exec(holder?.commentBefore ?? '');
        if (holder === undefined || condition === null) return true;
        const rest = (holder.commentBefore ?? '').split('\n').filter((line) => !line.startsWith(' when: '));
        holder.commentBefore = rest.length === 0 ? null : rest.join('\n');
        return String(variables[condition[1] ?? '']) === condition[2];
      }) as never;
    },
  });
}

interface Commented {
  commentBefore?: string | null | undefined;
}

function commentHolder(item: Pair | Node): Commented | undefined {
  const holder = 'key' in item ? item.key : item;
  return typeof holder === 'object' && holder !== null ? (holder as Commented) : undefined;
}

function hasCondition(comment: string | null | undefined): boolean {
  return /^ when: /m.test(comment ?? '');
}

function moveComment(collection: Commented, first: Pair | Node): void {
  const holder = commentHolder(first);
  if (holder === undefined) return;
  holder.commentBefore = collection.commentBefore;
  collection.commentBefore = null;
}

function substituteComments(document: Document.Parsed, variables: Variables, name: string): void {
  const inComment = (text: string | null | undefined) =>
    text?.includes('${') ? String(substitute(text, variables, name)) : text;
  document.commentBefore = inComment(document.commentBefore) ?? null;
  document.comment = inComment(document.comment) ?? null;
  visit(document, {
    Node(_key, node) {
      node.commentBefore = inComment(node.commentBefore) ?? null;
      node.comment = inComment(node.comment) ?? null;
      if (isScalar(node)) return;
    },
  });
}
