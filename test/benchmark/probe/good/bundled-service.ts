import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startNodeSubject } from '../../../../scripts/bench/subject.ts';
import { startPostgres } from '../../../../scripts/postgres.ts';
import { freePort } from '../../../../scripts/wait.ts';
import { TOKEN } from '../base-service.ts';
import { CannotRun, type GoodService } from './good-service.ts';
import { startProgram } from './start-program.ts';

const ROOT = join(import.meta.dirname, '../../../..');

/** The service of this project with a PostgreSQL of its own, and a provider that answers at once. */
export const bundledService: GoodService = {
  name: 'The bundled service',
  madeOf: 'Node, the service of this project with a real PostgreSQL and a stub for the provider',
  start: async () => {
    const folder = mkdtempSync(join(tmpdir(), 'qna-benchmark-'));
    const postgres = await startPostgres(folder).catch((error: unknown) => {
      rmSync(folder, { recursive: true, force: true });
      throw new CannotRun('no PostgreSQL could be started', { cause: error });
    });
    const provider = await startNodeSubject('the stub', join(ROOT, 'scripts/bench/stub-provider.ts'));
    const stop = async () => {
      await provider.stop();
      await postgres.stop();
      rmSync(folder, { recursive: true, force: true });
    };
    try {
      await postgres.createDatabase('qna');
      const port = await freePort();
      const service = await startProgram({
        command: process.execPath,
        args: [join(ROOT, 'service/main.ts')],
        cwd: ROOT,
        env: {
          HOST: '127.0.0.1',
          PORT: String(port),
          SHUTDOWN_DELAY_MS: '0',
          DATABASE_URL: postgres.urlOf('qna'),
          OPENAI_API_KEY: 'of-the-benchmark',
          OPENAI_BASE_URL: `${provider.url}/v1`,
          OPENAI_MODEL: 'stub',
          API_TOKENS: TOKEN,
        },
        port,
        livePath: '/health/ready',
      });
      return {
        ...service,
        args: ['--header', `Authorization: Bearer ${TOKEN}`],
        stop: async () => {
          await service.stop();
          await stop();
        },
      };
    } catch (error) {
      await stop();
      throw error;
    }
  },
};
