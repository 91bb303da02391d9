import { spawn } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Report } from '../../src/core/report.ts';
import { goodService, httpServer } from '../sources/endpoint-servers.ts';
import { runCli } from './run-cli.ts';
import { temporaryFolder } from './temporary-folder.ts';

const MAIN = join(import.meta.dirname, '../../bin/qna-ready.ts');
const LOGS = ['--only', 'logs', '--only', 'health/live', '--report', 'json'];

/** A service that tells each request to `write`, with the trace that it was given, or with one of its own. */
function telling(write: (line: string) => void, goesOn: boolean) {
  const answer = goodService();
  return (request: IncomingMessage, response: ServerResponse): void => {
    const traceId = goesOn ? String(request.headers.traceparent).split('-')[1] : 'f'.repeat(32);
    const { method, url: path } = request;
    response.once('finish', () => {
      const { statusCode: status } = response;
      write(
        `${JSON.stringify({ time: new Date(), level: 'info', msg: 'answered', method, path, status, trace_id: traceId })}\n`,
      );
    });
    answer(request, response);
  };
}

function ownRequests(stdout: string) {
  const { findings } = JSON.parse(stdout) as Report;
  return findings.find(({ subject }) => subject === 'lines about our own requests');
}

describe('the log of a service that is probed', () => {
  it.each([
    ['goes on with our trace', true, 'pass'],
    ['begins traces of its own', false, 'fail'],
  ] as const)('shows in a file that grows whether it %s', async (_, goesOn, outcome) => {
    const file = join(temporaryFolder({ 'qna.log': '' }), 'qna.log');
    await using server = await httpServer(telling((line) => appendFileSync(file, line), goesOn));
    const { stdout } = await runCli(['probe', server.url, '--logs', file, ...LOGS]);
    expect(ownRequests(stdout)?.outcome).toBe(outcome);
  });

  it('can come by standard input that never ends, as of kubectl logs -f', async () => {
    const piped: { write: (line: string) => void } = { write: () => {} };
    await using server = await httpServer(telling((line) => piped.write(`[pod/qna-1/api] ${line}`), true));
    const probe = spawn(process.execPath, [MAIN, 'probe', server.url, '--logs', '-', ...LOGS], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    onTestFinished(() => void probe.kill('SIGKILL'));
    probe.stdin.on('error', () => {});
    piped.write = (line) => probe.stdin.write(line);
    let stdout = '';
    probe.stdout.on('data', (chunk) => {
      stdout += String(chunk);
    });
    await new Promise((resolve) => probe.once('close', resolve));
    expect(ownRequests(stdout)).toMatchObject({ outcome: 'pass', where: { object: 'Pod qna-1/api' } });
  });

  it('can come by standard input that ends', async () => {
    await using server = await httpServer(goodService());
    const stdin = '{"time":"2026-11-23T10:00:00Z","level":"info","msg":"a"}\n\u001b[31mred\u001b[0m\n';
    const { stdout } = await runCli(['probe', server.url, '--logs', '-', ...LOGS], { stdin });
    const structured = (JSON.parse(stdout) as Report).findings.find(({ check }) => check === 'logs/structured');
    expect(structured).toMatchObject({ outcome: 'fail', observed: expect.stringContaining('coloured for a terminal') });
  });
});
