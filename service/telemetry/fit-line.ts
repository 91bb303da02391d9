/** Container runtimes cut longer lines in two, and a half of a JSON object is no JSON. */
export const MAX_LINE_BYTES = 8_000;

/** How long a text may be, tried in turn until the line fits. */
const TEXT_LIMITS = [2_000, 800, 300, 100, 40];
const MAX_ITEMS = 40;

type Line = Readonly<Record<string, unknown>>;

/** Writes a line, with its longest texts cut where it would be too long. The mark tells that it was. */
export function fitLine(line: Line, mark: string, essential: readonly string[]): string {
  const whole = JSON.stringify(line);
  if (Buffer.byteLength(whole) <= MAX_LINE_BYTES) return whole;
  const least = Object.fromEntries(essential.filter((name) => name in line).map((name) => [name, line[name]]));
  // In this order, a line of very many fields loses none of these.
  const ordered = { ...least, ...line };
  for (const limit of TEXT_LIMITS) {
    const cut = JSON.stringify({ ...(cutDown(ordered, limit) as Line), [mark]: true });
    if (Buffer.byteLength(cut) <= MAX_LINE_BYTES) return cut;
  }
  return JSON.stringify({ ...(cutDown(least, 300) as Line), [mark]: true });
}

function cutDown(value: unknown, limit: number): unknown {
  if (typeof value === 'string') return cutText(value, limit);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.slice(0, MAX_ITEMS).map((inner) => cutDown(inner, limit));
  return Object.fromEntries(
    Object.entries(value)
      .slice(0, MAX_ITEMS)
      .map(([name, inner]) => [cutText(name, limit), cutDown(inner, limit)]),
  );
}

function cutText(text: string, limit: number): string {
  return text.length <= limit
    ? text
    : `${text.slice(0, limit).toWellFormed()}… [${text.length - limit} more characters]`;
}
