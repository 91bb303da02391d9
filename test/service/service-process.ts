import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { until } from '../../scripts/wait.ts';

/** The service as it runs in production: a process that is told by its environment and by signals. */
export interface ServiceProcess {
  readonly url: string;
  readonly pid: number;
  readonly child: ChildProcess;
  /** The exit code; the name of the signal where one ended it. */
  readonly ended: Promise<number | string>;
  /** Every line of standard output, parsed; a line that is no JSON is a fault of the test that asks. */
  lines(): readonly LogLine[];
  /** Everything on standard error, where nothing belongs. */
  stderr(): string;
  /** Waits until it is ready. */
  ready(): Promise<void>;
  ask(question: string, init?: RequestInit): Promise<Response>;
}

export type LogLine = Readonly<Record<string, unknown>>;

const MAIN = join(import.meta.dirname, '../../service/main.ts');

/** Starts the service as a process on a port of its own, for as long as the test runs. */
export async function startServiceProcess(
  env: NodeJS.ProcessEnv & { readonly DATABASE_URL: string },
  nodeOptions: readonly string[] = [],
): Promise<ServiceProcess> {
  const child = spawn(process.execPath, [...nodeOptions, MAIN], {
    env: { PATH: process.env.PATH, HOST: '127.0.0.1', PORT: '0', SHUTDOWN_DELAY_MS: '0', API_AUTH: 'off', ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const ended = new Promise<number | string>((resolve) =>
    child.once('close', (code, signal) => resolve(code ?? signal ?? 'unknown')),
  );
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (chunk) => {
    stdout += String(chunk);
  });
  child.stderr?.on('data', (chunk) => {
    stderr += String(chunk);
  });
  const told = new Promise<string>((resolve) => {
    child.once('message', (message) => resolve(String(Reflect.get(Object(message), 'url'))));
  });
  const url = await Promise.race([told, ended]);
  if (typeof url !== 'string' || child.pid === undefined) throw new Error(`the service ended: ${stdout}${stderr}`);
  return {
    url,
    pid: child.pid,
    child,
    ended,
    lines: () =>
      stdout
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as LogLine),
    stderr: () => stderr,
    ready: () => until('it is ready', async () => (await fetch(`${url}/health/ready`)).ok),
    ask: (question, init) =>
      fetch(`${url}/v1/ask`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ question }),
        ...init,
      }),
  };
}

/** One that is ready, with a database and a provider of the test's own. */
export async function startReadyService(
  { databaseUrl, providerUrl }: { readonly databaseUrl: string; readonly providerUrl: string },
  env: NodeJS.ProcessEnv,
): Promise<ServiceProcess> {
  const service = await startServiceProcess({
    DATABASE_URL: databaseUrl,
    OPENAI_API_KEY: 'k',
    OPENAI_BASE_URL: `${providerUrl}/v1`,
    ...env,
  });
  await service.ready();
  return service;
}
