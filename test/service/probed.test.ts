import { createServer, request as forward } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../scripts/wait.ts';
import type { Report } from '../../src/core/report.ts';
import { REQUEST_LIMIT } from '../../src/sources/http/client.ts';
import { runCli } from '../cli/run-cli.ts';
import { temporaryFolder } from '../cli/temporary-folder.ts';
import { startTestPostgres, startTestService, type TestPostgres } from './harness.ts';

let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startTestPostgres();
});
afterAll(() => postgres.stop());

/** How long a slow body is watched. */
const WAIT_MS = 2_000;

describe('the service that comes with it', () => {
  it.each([
    ['without a question', []],
    ['with one', ['--ask', 'POST /v1/ask {"question": "How do I restore a backup?"}']],
    ['with one, and a token', ['--ask', '/v1/ask', '--bearer-env', 'QNA_TOKEN']],
  ] as const)('is judged %s in many ways, with few requests and in little time', async (_, argv) => {
    const token = 'a-token-of-this-test-0123456789abcdef';
    const service = await startTestService({
      databaseUrl: await postgres.createDatabase(),
      ...(argv.some((each) => each === '--bearer-env') ? { apiTokens: [token] } : {}),
    });
    await until('it is ready', async () => (await service.get('/health/ready')).ok);
    await service.ask('How do I restore a backup?', {
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    });
    const log = join(
      temporaryFolder({ 'service.log': service.lines.map((line) => `${line.trimEnd()}\n`).join('') }),
      'service.log',
    );
    await using front = await countingFront(service.port);
    const before = process.cpuUsage();
    const { exitCode, stdout, stderr } = await runCli(
      ['probe', front.url, ...argv, '--logs', log, '--report', 'json'],
      {
        env: { QNA_TOKEN: token },
      },
    );
    const { user, system } = process.cpuUsage(before);
    expect(stderr).toBe('');
    const { findings, roles } = JSON.parse(stdout) as Report;
    const judged = findings.filter(({ outcome }) => outcome === 'pass' || outcome === 'fail');
    expect(judged.length).toBeGreaterThanOrEqual(40);
    expect(front.requests.length).toBeLessThanOrEqual(REQUEST_LIMIT);
    // A machine that is busy with other tests makes everything late, so that what the run itself costs is counted, and its one wait.
    expect((user + system) / 1000 + (argv.length === 0 ? 0 : WAIT_MS)).toBeLessThan(5_000);
    expect(roles.map(({ role }) => role).slice(0, 3)).toEqual(['liveness', 'readiness', 'metrics']);
    expect(findings.filter(({ outcome }) => outcome === 'fail').map(({ check }) => check)).toEqual([]);
    const held = findings.filter(({ outcome, severity }) => outcome === 'unknown' && severity !== 'note');
    expect(held.map(({ check, message }) => `${check}: ${message}`)).toEqual([]);
    expect(exitCode).toBe(0);
    expect(stdout).not.toContain(token);
  });
});

async function countingFront(port: number) {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    const onward = forward({ port, method: request.method, path: request.url, headers: request.headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
