import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Report } from '../../src/core/report.ts';
import { runCli } from '../cli/run-cli.ts';
import { temporaryFolder } from '../cli/temporary-folder.ts';
import { startTestPostgres, type TestPostgres } from './harness.ts';
import { startServiceProcess } from './service-process.ts';

let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startTestPostgres();
});
afterAll(() => postgres.stop());

it('finds the lines of our own requests in the log of the bundled service', async () => {
  const file = join(temporaryFolder({ 'service.log': '' }), 'service.log');
  const service = await startServiceProcess({ DATABASE_URL: await postgres.createDatabase() });
  service.child.stdout?.on('data', (chunk) => appendFileSync(file, chunk));
  await service.ready();
  const argv = ['probe', service.url, '--only', 'logs', '--only', 'metrics/moves', '--logs', file, '--report', 'json'];
  const { stdout } = await runCli(argv);
  const { findings } = JSON.parse(stdout) as Report;
  expect(findings.filter(({ subject }) => subject === 'lines about our own requests')).toMatchObject([
    { check: 'logs/correlated', outcome: 'pass' },
  ]);
  expect(findings.filter(({ outcome }) => outcome === 'fail')).toEqual([]);
});
