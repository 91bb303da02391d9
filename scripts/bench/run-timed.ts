import { spawn, spawnSync } from 'node:child_process';

export interface Timed {
  readonly wallMs: number;
  /** Of all processors, with what the system did for it. */
  readonly processorMs: number;
  readonly peakMiB: number;
}

/** Node.js knows the peak of itself alone; a process of Python has one child, and tells of that. */
const WATCH = `
import resource, subprocess, sys, time
# What started Python counts as its child too.
earlier = resource.getrusage(resource.RUSAGE_CHILDREN)
started = time.monotonic()
code = subprocess.call(sys.argv[1:], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
wall = time.monotonic() - started
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(code, wall * 1000, (used.ru_utime - earlier.ru_utime + used.ru_stime - earlier.ru_stime) * 1000, used.ru_maxrss / 1024)
`;

/** Runs a command whose output nobody reads. One that could not do its work is an error, however quick it was. */
export function runTimed(command: readonly string[]): Timed {
  const { stdout, error } = spawnSync('python3', ['-c', WATCH, ...command], { encoding: 'utf8' });
  if (error !== undefined) throw new Error('python3 is needed to watch what is measured', { cause: error });
  return readTimed(command, stdout);
}

/** The same for a command that speaks with a server in this process. */
export function runTimedBeside(command: readonly string[]): Promise<Timed> {
  return new Promise((resolve, reject) => {
    const watch = spawn('python3', ['-c', WATCH, ...command], { stdio: ['ignore', 'pipe', 'inherit'] });
    let told = '';
    watch.stdout.setEncoding('utf8').on('data', (text) => {
      told += text;
    });
    watch.on('error', reject);
    watch.on('close', () => {
      try {
        resolve(readTimed(command, told));
      } catch (error) {
        reject(error);
      }
    });
  });
}

function readTimed(command: readonly string[], stdout: string): Timed {
  const [code = Number.NaN, wallMs = 0, processorMs = 0, peakMiB = 0] = stdout.split(' ').map(Number);
  // 1 says that a judge found something.
  if (code !== 0 && code !== 1) throw new Error(`${command.slice(0, 4).join(' ')} ended with ${code}`);
  return { wallMs, processorMs, peakMiB };
}
