import { spawnSync } from 'node:child_process';

/**
 * The path of a program of the machine that a test drives as a person would, or undefined where it is not installed, and the
 * test is skipped aloud. With `QNA_TEST_REQUIRE_PROGRAMS`, as the pipeline sets it, a program that is missing is a failure.
 */
export function machineProgram(...names: readonly string[]): string | undefined {
  for (const name of names) {
    const { stdout } = spawnSync('sh', ['-c', 'command -v -- "$0"', name], { encoding: 'utf8' });
    if (stdout.trim() !== '') return stdout.trim();
  }
  if (process.env.QNA_TEST_REQUIRE_PROGRAMS === undefined) return undefined;
  throw new Error(`None of ${names.join(', ')} is installed on this machine, and QNA_TEST_REQUIRE_PROGRAMS is set.`);
}
