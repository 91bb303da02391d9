import { safe } from '../layout.ts';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** What came from input, for content and for attributes in quotes: it is shown as it is and does nothing. */
export function text(given: string): string {
  return safe(given).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}

export function code(given: string): string {
  return `<code>${text(given)}</code>`;
}

/** `1 finding`, `2,000 findings`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}
