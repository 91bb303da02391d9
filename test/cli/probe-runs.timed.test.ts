import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import ajvFormats from 'ajv-formats';
import { describe, expect, it, onTestFinished } from 'vitest';
import schema from '../../schemas/report-v1.schema.json' with { type: 'json' };
import { until } from '../../scripts/wait.ts';
import { parseExposition } from '../../src/prometheus/parse-exposition.ts';
import { goodService, httpServer } from '../sources/endpoint-servers.ts';
import { runCli } from './run-cli.ts';
import { temporaryFolder } from './temporary-folder.ts';

const MAIN = join(import.meta.dirname, '../../bin/qna-ready.ts');
const ajv = new Ajv({ allErrors: true, strict: false });
ajvFormats.default(ajv);
const isReport = ajv.compile(schema);

/** The program as a process of its own, for what signals do to it. */
function start(argv: readonly string[]) {
  const child = spawn(process.execPath, [MAIN, ...argv], { stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += String(chunk);
  });
  child.stderr.on('data', (chunk) => {
    stderr += String(chunk);
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  return { child, ended, stdout: () => stdout, stderr: () => stderr };
}

describe('what is done to a service on purpose', () => {
  it.each([
    ['an outage without its end', ['--outage-command', 'true'], 'are given together'],
    ['two orders to stop', ['--drain-pid', '4711', '--drain-command', 'true'], 'two ways to one end'],
    ['an order to everybody', ['--drain-pid', '-1'], 'not the number of a process'],
    ['an order to the first process', ['--drain-pid', '1'], 'not the number of a process'],
    ['a load that can do harm', ['--load', '51'], 'can do harm'],
    ['a load that lasts', ['--load', '5', '--load-duration', '61'], 'can do harm'],
    ['a request without a rate', ['--load-request', 'GET /'], '--load is missing'],
    ['an address without a reason', ['--listen', ':9115'], '--every is missing'],
    ['an address that is none', ['--every', '30s', '--listen', 'here'], 'not of the form HOST:PORT/PATH'],
    [
      'something else than a URL, again and again',
      ['--every', '30s', '--live-path', '/', '--header', 'x'],
      'not of the form Name: value',
    ],
    ['a load again and again', ['--every', '30s', '--load', '5'], 'again and again'],
    ['a topic of which the rest is not for endpoints', ['--only', 'lifecycle'], '--drain-pid or --drain-command'],
    ['a check that waits for what nobody does', ['--only', 'lifecycle/drain-exit'], '--drain-pid or --drain-command'],
  ])('is refused where it is %s', async (_, argv, sentence) => {
    const { exitCode, stderr } = await runCli(['probe', 'http://127.0.0.1:9', ...argv]);
    expect(stderr).toContain(sentence);
    expect(exitCode).toBe(2);
  });

  it('stands in the report as a timeline, for people and for programs', async () => {
    const folder = temporaryFolder({ database: 'up' });
    const file = join(folder, 'database');
    await using server = await httpServer((request, response) => {
      if (request.url === '/health/ready' && !existsSync(file)) response.statusCode = 503;
      response.end('ok');
    });
    const { stdout } = await runCli(
      [
        ...['probe', server.url, '--only', 'health/outage-liveness', '--only', 'health/outage-readiness', '--verbose'],
        ...['--outage-command', `rm ${file}`, '--recover-command', `touch ${file}`, '--outage-hold', '0.2'],
        ...['--report', 'text', '--report', 'json=report.json', '--report', 'prometheus=report.prom'],
      ],
      { cwd: folder },
    );
    expect(stdout).toMatch(/^outage of http.*\n(?: {2}\+.*\n)* {2}\+\d\.\d s readiness 200 → 503\n/m);
    const { default: report } = await import(join(folder, 'report.json'), { with: { type: 'json' } });
    expect(isReport(report), JSON.stringify(isReport.errors)).toBe(true);
    expect(report.timelines[0].series.map(({ name }: { name: string }) => name)).toEqual(['liveness', 'readiness']);
    expect(report.summary).toMatchObject({ pass: 3, exitCode: 0 });
  });

  it('is mended where Ctrl-C comes in the middle of it', async () => {
    const file = join(temporaryFolder({ database: 'up' }), 'database');
    await using server = await httpServer((request, response) => {
      if (request.url === '/health/ready' && !existsSync(file)) response.statusCode = 503;
      response.end('ok');
    });
    const { child, ended } = start([
      ...['probe', server.url, '--only', 'health/outage-readiness', '--outage-hold', '60'],
      ...['--outage-command', `rm ${file}`, '--recover-command', `touch ${file}`],
    ]);
    await until('the outage is there', () => !existsSync(file));
    child.kill('SIGINT');
    expect(await ended).toBe(3);
    expect(existsSync(file)).toBe(true);
  });
});

describe('a load', () => {
  it.each([
    ['is held to nothing but no error where nothing is said', '{}', ['fail', 'not-applicable']],
    ['is held to what the configuration says', 'load: { maxErrorRate: 1, p99Ms: 100000 }', ['pass', 'pass']],
  ])('%s', async (_, configuration, outcomes) => {
    await using server = await httpServer(goodService());
    const cwd = temporaryFolder({ 'qna-ready.config.yaml': `${configuration}\n` });
    const argv = ['--only', 'load', '--load', '20', '--load-duration', '0.5', '--load-request', 'GET /nowhere'];
    const { stdout } = await runCli(['probe', server.url, ...argv, '--report', 'json'], { cwd });
    expect(
      JSON.parse(stdout)
        .findings.map(({ outcome }: { outcome: string }) => outcome)
        .toSorted(),
    ).toEqual(outcomes);
  });
});

describe('a probe again and again', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    'serves the latest result until %s, and ends with its exit code',
    async (signal) => {
      await using server = await httpServer(goodService());
      const { child, ended, stderr } = start([
        ...['probe', server.url, '--only', 'health/live', '--fail-on', 'error', '--every', '1s'],
      ]);
      await until('it serves', () => /Serving http:\S+;/.test(stderr()));
      const url = /Serving (http:\S+);/.exec(stderr())?.[1] ?? '';
      expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/metrics$/);
      await until('the first look is over', async () => (await fetch(url)).status === 200);
      const answer = await fetch(url);
      expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
      const page = await answer.text();
      expect(parseExposition(page, 'text').faults).toEqual([]);
      expect(page).toContain('probe_success 1\n');
      expect(page).toContain('probe_http_duration_seconds{phase="processing"}');
      expect((await fetch(url, { method: 'POST' })).status).toBe(405);
      expect((await fetch(new URL('/', url))).status).toBe(404);
      child.kill(signal);
      expect(await ended).toBe(0);
    },
  );

  it('tells of a service that has gone, and when it looked', async () => {
    const server = await httpServer(goodService());
    const { child, ended, stderr } = start(['probe', server.url, '--only', 'health/live', '--every', '1s']);
    await until('it serves', () => /Serving http:\S+;/.test(stderr()));
    const url = /Serving (http:\S+);/.exec(stderr())?.[1] ?? '';
    await until('it has looked', async () => (await fetch(url)).status === 200);
    const since = Date.now() / 1000;
    await server[Symbol.asyncDispose]();
    let page = '';
    await until('it has looked again', async () => {
      page = await (await fetch(url)).text();
      return page.includes('qna_ready_verdict{verdict="unusable"} 1');
    });
    expect(page).toContain('probe_success 0\n');
    const looked = Number(/^qna_ready_last_probe_timestamp_seconds (\S+)$/m.exec(page)?.[1]);
    expect(looked).toBeGreaterThan(since - 1);
    child.kill('SIGTERM');
    expect(await ended).toBe(2);
  });
});
