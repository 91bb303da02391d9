import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Runs a command to its end; throws with the end of what it said where it fails. */
export async function run(
  command: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<string> {
  try {
    return (await promisify(execFile)(command, args, { maxBuffer: 256 * 1024 * 1024, ...options })).stdout;
  } catch (error) {
    const {
      stdout = '',
      stderr = '',
      message,
    } = error as Error & { readonly stdout?: string; readonly stderr?: string };
    const said = `${stdout}\n${stderr}`.trim().split('\n').slice(-20).join('\n');
    throw new Error(`${command} ${args[0]} failed: ${said === '' ? message : said}`);
  }
}
