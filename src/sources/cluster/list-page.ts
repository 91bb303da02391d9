/**
 * The token of the next page, from the head of a page's text: a server writes the list's metadata before its items, so that the
 * next page can be asked for before this one is parsed. Empty where the head says that there is none, or says it in another way.
 */
export function nextPageOf(text: string): string {
  const head = text.slice(0, HEAD_LENGTH);
  const items = head.indexOf('"items":');
  return /"continue":"([^"\\]+)"/.exec(items === -1 ? head : head.slice(0, items))?.[1] ?? '';
}

/** In characters; tokens are a few hundred. */
const HEAD_LENGTH = 4096;

/**
 * Parses a page without its `managedFields`, which tell who wrote which field: half of what a server says of a pod, and the half
 * that takes longest to parse. They hold no array, so the first bracket that could end them does, unless it stands in a name; the
 * text is no JSON any more then, and is parsed as it came. Throws SyntaxError.
 */
export function parsePage(text: string): unknown {
  const shorter = withoutManagedFields(text);
  if (shorter === text) return JSON.parse(text);
  try {
    return JSON.parse(shorter);
  } catch {
    return JSON.parse(text);
  }
}

const MANAGED_FIELDS = '"managedFields":[{';
const END_OF_ENTRIES = '}]';

function withoutManagedFields(text: string): string {
  let kept = '';
  let end = 0;
  for (let at = text.indexOf(MANAGED_FIELDS); at !== -1; at = text.indexOf(MANAGED_FIELDS, end)) {
    const close = text.indexOf(END_OF_ENTRIES, at);
    if (close === -1) break;
    // Within a string, the first quote would have a backslash before it.
    const isField = text[at - 1] === ',' || text[at - 1] === '{';
    kept += text.slice(end, isField ? at + MANAGED_FIELDS.length - 1 : close + 1);
    end = close + 1;
  }
  return end === 0 ? text : kept + text.slice(end);
}
