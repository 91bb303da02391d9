/**
 * Something that the person at the terminal can mend: a wrong flag, an unreadable file, a server that refuses.
 * It is shown as one sentence, the reason and the next step, never with a stack. Everything else that is thrown is our bug.
 */
export class UserError extends Error {
  override readonly name = 'UserError';
  /** What to do next, as a sentence. */
  readonly hint: string | undefined;

  constructor(message: string, options: { readonly hint?: string; readonly cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.hint = options.hint;
  }
}

/** The reason inside anything that was thrown, without its stack. */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(reasonOf).join('; ');
  if (error instanceof Error) return error.message === '' ? error.name : error.message;
  return String(error);
}
