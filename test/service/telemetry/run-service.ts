import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { until } from '../../../scripts/wait.ts';

const ROOT = join(import.meta.dirname, '../../..');

export interface ServiceProcess {
  /** Where it listens; waits until it says so. */
  url(): Promise<string>;
  kill(signal: NodeJS.Signals): void;
  /** Closes the reading end of its output, as a log collector that died would. */
  stopReading(): void;
  /** Its exit code, when it has ended and all that it wrote has come. */
  readonly ended: Promise<number | null>;
  /** Every line of standard output so far. */
  stdout(): readonly string[];
  stderr(): string;
}

/** Starts the service as a process of its own, as a container would, with nothing in its environment but what is given. */
export function runService(
  environment: Readonly<Record<string, string>>,
  nodeOptions: readonly string[] = [],
): ServiceProcess {
  const child = spawn(process.execPath, [...nodeOptions, join(ROOT, 'service/main.ts')], {
    env: {
      PATH: process.env.PATH,
      HOST: '127.0.0.1',
      PORT: '0',
      SHUTDOWN_DELAY_MS: '0',
      API_AUTH: 'off',
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  const lines = () => stdout.split('\n').filter((line) => line !== '');
  return {
    async url() {
      const listening = () => lines().find((line) => line.includes('the service listens'));
      await until('the service listens', () => listening() !== undefined);
      const { port, 'qna.port': ecsPort } = JSON.parse(listening() ?? '{}') as { port?: number; 'qna.port'?: number };
      return `http://127.0.0.1:${port ?? ecsPort}`;
    },
    kill: (signal) => void child.kill(signal),
    stopReading() {
      child.stdout.destroy();
      child.stderr.destroy();
    },
    ended,
    stdout: lines,
    stderr: () => stderr,
  };
}
