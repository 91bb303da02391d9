import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { identify, isAlive } from './process-identity.ts';
import { processesOf, type Run } from './run.ts';
import { HopelessError, until } from './until.ts';

/** The long-running processes of one run. */
export interface Processes {
  start(name: string, command: readonly string[], options?: StartOptions): void;
  /** Waits for a condition that these processes bring about; gives up at once when one of them has ended. */
  until(what: string, ask: () => Promise<boolean>, timeoutMs: number, ...names: readonly string[]): Promise<void>;
}

export interface StartOptions {
  readonly env?: Readonly<Record<string, string>>;
}

export function createProcesses(run: Run): Processes {
  return {
    start(name, [command = '', ...args], { env = {} } = {}) {
      const log = openSync(logFile(run, name), 'a');
      // Detached: an interrupt at the terminal is for the tests, which then end these in their order.
      const child = spawn(command, args, {
        stdio: ['ignore', log, log],
        cwd: run.folder,
        detached: true,
        env: { ...withoutProxies(process.env), ...env },
      });
      closeSync(log);
      child.on('error', () => {});
      child.unref();
      if (child.pid === undefined) throw new Error(`${name} could not be started: ${command} cannot be run.`);
      const identity = identify(child.pid);
      if (identity === undefined) throw new Error(`${name} ended at once.\n${tailOf(run, name)}`);
      run.record({ made: 'process', name, ...identity });
    },
    until: (what, ask, timeoutMs, ...names) =>
      until(
        what,
        async () => {
          const ended = processesOf(run).find((candidate) => !isAlive(candidate));
          if (ended !== undefined)
            throw new HopelessError(`${ended.name} has ended; its log says\n${tailOf(run, ended.name)}`);
          return ask();
        },
        timeoutMs,
        () => names.map((name) => `--- log of ${name}\n${tailOf(run, name)}`).join('\n'),
      ),
  };
}

/** Nothing here speaks to the world outside, and a proxy would take what is meant for a neighbour. */
function withoutProxies(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/_proxy$/i.test(name)));
}

export function logFile({ folder }: Run, name: string): string {
  return join(folder, `${name}.log`);
}

function tailOf(run: Run, name: string): string {
  const file = logFile(run, name);
  return existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n').slice(-20).join('\n') : '(no log)';
}
