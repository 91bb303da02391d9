import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A server under measurement, in a process of its own. */
export interface Subject {
  readonly name: string;
  readonly url: string;
  /** Processor time of the process so far, in microseconds; NaN where the system does not tell. */
  cpuMicros(): number;
  stop(): Promise<void>;
}

/** The kernel counts in hundredths of a second, whatever its own clock does. */
const MICROS_PER_TICK = 10_000;

/** Starts a program of Node that tells its address to its parent. */
export function startNodeSubject(name: string, file: string, env: NodeJS.ProcessEnv = {}): Promise<Subject> {
  const child = spawn(process.execPath, ['--no-warnings', file], {
    env: { PATH: process.env.PATH, NODE_ENV: 'production', HOST: '127.0.0.1', PORT: '0', ...env },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const told = new Promise<string>((resolve) =>
    child.once('message', (message) => resolve(String(Reflect.get(Object(message), 'url')))),
  );
  return subjectOf(name, child, told);
}

/** A subject from a process that has been started; `told` gives its address when it listens. */
export async function subjectOf(name: string, child: ChildProcess, told: Promise<string>): Promise<Subject> {
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const url = await Promise.race([told, ended]);
  if (typeof url !== 'string') throw new Error(`${name} ended before it listened; the reason stands above.`);
  const { pid = 0 } = child;
  return {
    name,
    url,
    cpuMicros: () => cpuMicrosOf(pid),
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

function cpuMicrosOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is a name in brackets that may hold blanks.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) * MICROS_PER_TICK;
  } catch {
    return Number.NaN;
  }
}
