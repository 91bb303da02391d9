import { rmSync } from 'node:fs';
import { endProcess } from './end-process.ts';
import { removeNodeRemains } from './node/remains.ts';
import { abandonedRuns, processesOf, type Run } from './run.ts';

/** Ends and removes all that a run made, newest first, and nothing else. Safe to call again. */
export async function removeRun(run: Run): Promise<void> {
  for (const identity of [...processesOf(run)].reverse()) await endProcess(identity);
  await removeNodeRemains(run);
  rmSync(run.folder, { recursive: true, force: true });
}

/** Removes what killed runs left behind. */
export async function removeAbandonedRuns(): Promise<void> {
  for (const run of abandonedRuns()) {
    process.stderr.write(`cluster: removing what the killed run ${run.id} left behind\n`);
    await removeRun(run);
  }
}
