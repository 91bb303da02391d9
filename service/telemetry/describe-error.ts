/** Only what is known to be harmless: errors of clients carry requests, and requests carry keys. */
export interface DescribedError {
  readonly type: string;
  readonly message: string;
  /** Always a text: an index that has seen a number would refuse it. */
  readonly code?: string;
  readonly stack?: string;
  /** What the error came from, the nearest first, and what it is made of. */
  readonly causes?: readonly DescribedError[];
}

const MAX_CAUSES = 5;
/** A text that is longer tells nothing more; and whatever reads it must be quick. */
const MAX_TEXT = 16_384;

export function describeError(error: unknown): DescribedError {
  const described = describeOne(error);
  const causes = causesOf(error).map(describeOne);
  const stack = error instanceof Error ? { stack: (error.stack ?? '').slice(0, MAX_TEXT) } : {};
  return { ...described, ...stack, ...(causes.length === 0 ? {} : { causes }) };
}

function describeOne(error: unknown): DescribedError {
  if (!(error instanceof Error)) return { type: typeof error, message: textOf(error).slice(0, MAX_TEXT) };
  const { code } = error as { readonly code?: unknown };
  return {
    type: error.name,
    message: error.message.slice(0, MAX_TEXT),
    ...(typeof code === 'string' || typeof code === 'number' ? { code: String(code) } : {}),
  };
}

/** Breadth first, each once: a chain of causes may end in itself. */
function causesOf(error: unknown): readonly unknown[] {
  const found: unknown[] = [];
  let nearest = innerOf(error);
  while (nearest.length > 0 && found.length < MAX_CAUSES) {
    const fresh = [...new Set(nearest)].filter((inner) => inner !== error && !found.includes(inner));
    found.push(...fresh);
    nearest = fresh.flatMap(innerOf);
  }
  return found.slice(0, MAX_CAUSES);
}

function innerOf(error: unknown): readonly unknown[] {
  if (!(error instanceof Error)) return [];
  const parts: readonly unknown[] = error instanceof AggregateError ? error.errors : [];
  return error.cause === undefined ? parts : [error.cause, ...parts];
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return Object.prototype.toString.call(value);
  }
}
