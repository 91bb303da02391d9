import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const ROOT = join(import.meta.dirname, '..');

export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** Runs an npm script and counts it as one: it passed or it failed. */
export function step(script: string): Tally {
  console.log(`\n== npm run ${script}`);
  const { status } = spawnSync('npm', ['run', '--silent', script], { cwd: ROOT, stdio: 'inherit' });
  return status === 0 ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 };
}

/** Runs one vitest project and counts its tests. A run that cannot even start is one failure. */
export function suite(project: string, args: readonly string[] = []): Tally {
  console.log(`\n== vitest, project ${project}`);
  const folder = mkdtempSync(join(tmpdir(), 'qna-ready-test-'));
  const output = join(folder, 'result.json');
  try {
    const { status } = spawnSync(
      'vitest',
      ['run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${output}`, ...args],
      { cwd: ROOT, stdio: 'inherit' },
    );
    const result = JSON.parse(readFileSync(output, 'utf8')) as {
      readonly numPassedTests: number;
      readonly numFailedTests: number;
      readonly numPendingTests: number;
      readonly numTodoTests: number;
    };
    const failed = result.numFailedTests === 0 && status !== 0 ? 1 : result.numFailedTests;
    return { passed: result.numPassedTests, failed, skipped: result.numPendingTests + result.numTodoTests };
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Prints the sum as the last line, and makes it the exit code. */
export function conclude(tallies: readonly Tally[]): void {
  const sum = (of: keyof Tally) => tallies.reduce((total, tally) => total + tally[of], 0);
  console.log(`\n${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped`);
  process.exitCode = sum('failed') === 0 && sum('passed') > 0 ? 0 : 1;
}
