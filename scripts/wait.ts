import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** A port on loopback that nobody listens on now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== 'object' || address === null) throw new Error('no port was given');
  return address.port;
}

/** Asks again and again until the answer is yes. */
export async function until(what: string, ask: () => Promise<boolean> | boolean, timeoutMs = 10_000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await answerOf(ask))) {
    if (Date.now() > deadline) throw new Error(`${what}: not within ${timeoutMs / 1000} s`);
    await delay(20);
  }
}

async function answerOf(ask: () => Promise<boolean> | boolean): Promise<boolean> {
  try {
    return await ask();
  } catch {
    return false;
  }
}
