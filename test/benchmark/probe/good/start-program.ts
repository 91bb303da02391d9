import { spawn } from 'node:child_process';
import { until } from '../../../../scripts/wait.ts';
import type { RunningService } from './good-service.ts';

export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** The port of the loopback that it was told to listen on. */
  readonly port: number;
  /** Answers 200 once it listens. */
  readonly livePath?: string;
}

/** The Java of the benchmark takes longest to compile and start. */
const START_MS = 90_000;

/** Starts a program and waits until it listens; its process group ends with it. */
export async function startProgram(program: Program): Promise<RunningService> {
  const { command, args, cwd, env, port, livePath = '/health/live' } = program;
  const child = spawn(command, args, {
    cwd,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output.stderr += text;
  });
  let isOver = false;
  const ended = new Promise<void>((resolve) => {
    const end = () => {
      isOver = true;
      resolve();
    };
    child.once('exit', end);
    child.once('error', end);
  });
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
  };
  const url = `http://127.0.0.1:${port}`;
  const listens = () => fetch(`${url}${livePath}`).then(({ ok }) => ok);
  try {
    await until(`${command} listens`, async () => isOver || (await listens()), START_MS);
    if (isOver) throw new Error(`${command} ended before it listened:\n${output.stderr.slice(-1500)}`);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, log: () => output.stdout, stop };
}
