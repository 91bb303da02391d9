import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Longer than any of them took, many times over; one of them reads all files at once. */
const TIMEOUT_MS = 900_000;

/**
 * Runs a judge and gives what it wrote to stdout. Judges end with codes of their own where they find something; one that wrote
 * nothing has failed, and is told with the end of what it complained of.
 */
export async function runJudge(program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
  const options = { maxBuffer: 256 * 1024 * 1024, timeout: TIMEOUT_MS, env: { ...process.env, ...env } };
  const said = await promisify(execFile)(program, args, options).catch(
    (error: {
      readonly stdout?: string;
      readonly stderr?: string;
      readonly killed?: boolean;
      readonly message: string;
    }) => {
      if (error.killed === true) throw new Error(`It was still at work after ${TIMEOUT_MS / 1000} s.`);
      if ((error.stdout ?? '').trim() !== '') return { stdout: error.stdout ?? '' };
      throw new Error((error.stderr ?? '').trim().split('\n').at(-1) || error.message);
    },
  );
  return said.stdout;
}
