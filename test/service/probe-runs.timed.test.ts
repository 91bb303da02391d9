import { LLMock } from '@copilotkit/aimock';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../src/core/report.ts';
import { runCli } from '../cli/run-cli.ts';
import { httpServer } from '../sources/endpoint-servers.ts';
import { startTestPostgres, type TestPostgres } from './harness.ts';
import { type ServiceProcess, startReadyService } from './service-process.ts';
import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts';

const QUESTION = 'POST /v1/ask {"question":"Answer slowly"}';

let postgres: TestPostgres;
let provider: LLMock;
beforeAll(async () => {
  postgres = await startTestPostgres();
  provider = new LLMock({ port: 0 });
  provider.on({ userMessage: 'slowly' }, { content: 'word '.repeat(25) }, { latency: 100, chunkSize: 5 });
  await provider.start();
});
afterAll(async () => {
  await provider.stop();
  await postgres.stop();
});

const start = async (env: NodeJS.ProcessEnv = {}): Promise<ServiceProcess> =>
  startReadyService({ databaseUrl: await postgres.createDatabase(), providerUrl: provider.url }, env);

async function probe(service: { readonly url: string }, argv: readonly string[]): Promise<Report> {
  const { stdout, stderr } = await runCli(['probe', service.url, '--report', 'json', ...argv]);
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as Report;
}

/** What a report says of each check, failures with their words. */
function outcomesOf({ findings }: Report): readonly string[] {
  return findings.map(({ check, outcome, message, observed }) =>
    outcome === 'pass' ? `${check} pass` : `${check} ${outcome}: ${message} (${observed})`,
  );
}

/** A line of sh that makes the way to the database do something. */
async function commandsFor(proxy: TcpProxy, how: 'refuse' | 'blackHole') {
  const control = await httpServer((request, response) => {
    const done = request.url === '/mend' ? proxy.mend() : proxy[how]();
    void Promise.resolve(done).then(() => response.end());
  });
  const ask = (path: string) => `'${process.execPath}' -e "fetch('${control.url}${path}').then((a) => a.text())"`;
  return { control, argv: ['--outage-command', ask('/spoil'), '--recover-command', ask('/mend')] };
}

describe('the bundled service under what probe does to it', () => {
  it.each(['refuse', 'blackHole'] as const)('bears an outage of its database (%s)', async (how) => {
    const url = await postgres.createDatabase();
    const proxy = await startTcpProxy(url);
    const service = await start({ DATABASE_URL: proxy.through(url) });
    const { control, argv } = await commandsFor(proxy, how);
    await using _control = control;
    const only = ['--only', 'health/outage-liveness', '--only', 'health/outage-readiness'];
    expect(outcomesOf(await probe(service, [...only, ...argv]))).toEqual([
      'health/outage-liveness pass',
      'health/outage-readiness pass',
      'health/outage-readiness pass',
    ]);
  });

  it('stops as it should, with questions open', async () => {
    const service = await start({ SHUTDOWN_DELAY_MS: '1500' });
    const only = ['order', 'requests', 'connections', 'liveness', 'exit'].flatMap((name) => [
      '--only',
      `lifecycle/drain-${name}`,
    ]);
    const report = await probe(service, [
      ...only,
      '--ask',
      QUESTION,
      '--drain-pid',
      String(service.pid),
      '--grace',
      '20',
    ]);
    expect(outcomesOf(report)).toEqual([
      'lifecycle/drain-order pass',
      'lifecycle/drain-requests pass',
      'lifecycle/drain-requests pass',
      'lifecycle/drain-connections pass',
      'lifecycle/drain-liveness pass',
      'lifecycle/drain-exit pass',
    ]);
    expect(report.timelines?.[0]?.title).toBe(`drain of ${service.url}`);
    expect(await service.ended).toBe(0);
  });

  it('is seen to close its port too early where it is told to wait for nobody', async () => {
    const service = await start({ SHUTDOWN_DELAY_MS: '0' });
    const report = await probe(service, ['--only', 'lifecycle/drain-order', '--drain-pid', String(service.pid)]);
    expect(report.findings.map(({ outcome }) => outcome)).toEqual(['fail']);
  });

  it('streams, ends with its reader and counts its tokens', async () => {
    const service = await start();
    const only = ['streams', 'cancels', 'token-metrics'].flatMap((name) => ['--only', `llm/${name}`]);
    expect(outcomesOf(await probe(service, [...only, '--ask', QUESTION]))).toEqual([
      'llm/streams pass',
      'llm/cancels pass',
      'llm/token-metrics pass',
    ]);
  });

  it('bears a gentle load, and tells of it what was measured', async () => {
    const service = await start();
    const only = ['--only', 'load/errors', '--only', 'metrics/latency-agrees'];
    const load = ['--load', '20', '--load-duration', '2'];
    const absent = '/v1/answers/00000000-0000-0000-0000-000000000000';
    const report = await probe(service, [...only, ...load, '--load-request', `GET ${absent}`]);
    expect(outcomesOf(report).filter((each) => each.startsWith('metrics/'))).toEqual([
      'metrics/latency-agrees pass',
      'metrics/latency-agrees pass',
    ]);
    // An answer that was never made is not found, and that is an error to whoever sent the load.
    expect(report.findings.find(({ check }) => check === 'load/errors')).toMatchObject({
      outcome: 'fail',
      observed: expect.stringContaining('40 × 404'),
    });
  });
});
