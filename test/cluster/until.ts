import { setTimeout as delay } from 'node:timers/promises';

/** Thrown by a question whose answer can never become yes, so that nobody waits for the deadline. */
export class HopelessError extends Error {}

/** Asks again and again until the answer is yes; past the deadline it tells what `explain` knows. */
export async function until(
  what: string,
  ask: () => Promise<boolean>,
  timeoutMs: number,
  explain: () => string | Promise<string> = () => '',
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  let lastError: unknown;
  for (;;) {
    try {
      if (await ask()) return;
      lastError = undefined;
    } catch (error) {
      if (error instanceof HopelessError)
        throw new Error(`${what} cannot come true: ${error.message}\n${await explain()}`);
      lastError = error;
    }
    if (Date.now() > deadline) break;
    await delay(100);
  }
  const reason = lastError instanceof Error ? `\n${lastError.message}` : '';
  throw new Error(`${what} did not come true within ${timeoutMs / 1000} s${reason}\n${await explain()}`);
}
