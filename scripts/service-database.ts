import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from './postgres.ts';

/**
 * Holds a PostgreSQL for `npm run service`, as a process of its own: a Ctrl-C reaches everything that shares the terminal,
 * and the database must outlive the service that is still finishing its answers. It ends when whoever started it is gone.
 */
const gone = new Promise<void>((resolve) => process.once('disconnect', resolve));
const folder = mkdtempSync(join(tmpdir(), 'qna-service-'));
try {
  const postgres = await startPostgres(folder);
  await postgres.createDatabase('qna');
  if (process.connected) process.send?.({ url: postgres.urlOf('qna') });
  await gone;
  await postgres.stop();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exit();
