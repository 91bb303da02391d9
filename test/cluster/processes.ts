import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** The processes of one run, ended newest first. */
export interface Processes {
  start(name: string, command: string, args: readonly string[]): void;
  /** The last lines that a component wrote. */
  logOf(name: string): string;
  stop(): Promise<void>;
}

export function createProcesses(folder: string): Processes {
  const running: { readonly name: string; readonly child: ChildProcess }[] = [];
  const logFile = (name: string) => join(folder, `${name}.log`);
  return {
    start(name, command, args) {
      const log = openSync(logFile(name), 'a');
      running.push({ name, child: spawn(command, [...args], { stdio: ['ignore', log, log], cwd: folder }) });
      closeSync(log);
    },
    logOf: (name) => readFileSync(logFile(name), 'utf8').split('\n').slice(-15).join('\n'),
    async stop() {
      for (const { child } of running.splice(0).reverse()) await end(child);
    },
  };
}

const GRACE_MS = 5000;

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  const patience = new AbortController();
  const late = delay(GRACE_MS, 'late', { signal: patience.signal }).catch(() => 'gone');
  if ((await Promise.race([gone, late])) === 'late') {
    child.kill('SIGKILL');
    await gone;
  }
  patience.abort();
}

/** Asks again and again until the answer is yes; past the deadline it tells what `explain` knows. */
export async function until(
  what: string,
  ask: () => Promise<boolean>,
  timeoutMs: number,
  explain: () => string = () => '',
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await ask().catch(() => false))) {
    if (Date.now() > deadline) throw new Error(`${what} did not come true within ${timeoutMs / 1000} s\n${explain()}`);
    await delay(100);
  }
}
