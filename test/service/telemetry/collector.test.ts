import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { until } from '../../../scripts/wait.ts';
import { startTestPostgres, type TestPostgres } from '../harness.ts';
import { runService } from './run-service.ts';

const PROGRAM = '/usr/sbin/rsyslogd';
const demanded = process.env.QNA_TEST_REQUIRE_CLUSTER !== undefined;
const installed = spawnSync(PROGRAM, ['-v']).error === undefined;
if (!installed) process.stderr.write('collector.test: rsyslog is not installed (apt-get install rsyslog)\n');

let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startTestPostgres();
});
afterAll(() => postgres.stop());

/** What the documentation tells people to write, with folders that a test may use. */
function documentedConfiguration(folder: string): string {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/logging.md'), 'utf8');
  const snippet = /```rsyslog\n([\s\S]*?)```/.exec(page)?.[1] ?? '';
  expect(snippet).toContain('/var/log/qna/');
  return `global(workDirectory="${folder}")\n${snippet.replaceAll('/var/log/qna/', `${folder}/`)}`;
}

/** Boots, answers, fails and crashes; gives every byte that it wrote. */
async function realOutput(format: string): Promise<readonly string[]> {
  const service = runService(
    {
      DATABASE_URL: await postgres.createDatabase(),
      LOG_LEVEL: 'debug',
      LOG_FORMAT: format,
      CANARY: 'c4nary-value-1234567',
    },
    ['--import', join(import.meta.dirname, 'faults.mjs')],
  );
  const url = await service.url();
  await until('it is ready', async () => (await fetch(`${url}/health/ready`)).ok);
  for (const question of ['How do I restore a backup?', `Ünïcode "quotes" \\ and\nlines ${'x'.repeat(3_000)}`, ''])
    await fetch(`${url}/v1/ask`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ question }),
    });
  service.kill('SIGUSR2');
  expect(await service.ended).toBe(1);
  return service.stdout();
}

describe.skipIf(!installed && !demanded)('rsyslog (skipped where it is not installed)', () => {
  it.each(['json', 'ecs'])(
    'stores every line of the service as %s, its crash included, as the same fields, and can choose by level',
    async (format) => {
      const folder = mkdtempSync(join(tmpdir(), 'qna-ready-rsyslog-'));
      const file = (name: string) => join(folder, name);
      const read = (name: string) => (existsSync(file(name)) ? readFileSync(file(name), 'utf8') : '');
      writeFileSync(file('rsyslog.conf'), documentedConfiguration(folder));
      writeFileSync(file('service.log'), '');
      const checked = spawnSync(PROGRAM, ['-N1', '-f', file('rsyslog.conf')], { encoding: 'utf8' });
      expect(checked.status, checked.stderr).toBe(0);
      const collector = spawn(PROGRAM, ['-n', '-f', file('rsyslog.conf'), '-i', file('pid')], { stdio: 'ignore' });
      const gone = new Promise((resolve) => collector.once('close', resolve));
      onTestFinished(async () => {
        collector.kill('SIGTERM');
        await gone;
        rmSync(folder, { recursive: true, force: true });
      });
      const lines = await realOutput(format);
      writeFileSync(file('service.log'), `${lines.join('\n')}\n`);
      const stored = () => read('stored.log').split('\n').filter(Boolean);
      await until('every line is stored', () => stored().length >= lines.length || read('refused.log') !== '', 30_000);
      expect(read('refused.log')).toBe('');
      expect(stored().map((line) => JSON.parse(line) as unknown)).toEqual(
        lines.map((line) => JSON.parse(line) as unknown),
      );
      // The names of the schema have dots, which this collector stores and cannot compare.
      if (format === 'ecs') return;
      const levels = (text: string) =>
        text
          .split('\n')
          .filter(Boolean)
          .map((line) => (JSON.parse(line) as { level: string }).level);
      await until('the errors are stored', () => levels(read('errors.log')).length > 0);
      expect(levels(read('errors.log'))).toEqual(
        levels(lines.join('\n')).filter((level) => level === 'fatal' || level === 'error'),
      );
      expect(levels(read('errors.log'))).toContain('fatal');
    },
  );
});
