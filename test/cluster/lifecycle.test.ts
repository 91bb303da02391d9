import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { startControlPlane } from './control-plane.ts';
import { isAlive } from './process-identity.ts';
import { removeAbandonedRuns } from './remove-run.ts';
import { firstMissing, requirementsOf } from './requirements.ts';
import { abandonedRuns, processesOf, type Run, runOf } from './run.ts';
import { until } from './until.ts';

const OTHER_PROCESS = fileURLToPath(import.meta.resolve('./start-and-hang.ts'));

describe.skipIf(firstMissing(requirementsOf('control-plane')) !== undefined)('a cluster of the harness', () => {
  it('leaves no process and no file when it is stopped', async () => {
    const cluster = await startControlPlane();
    const processes = processesOf(runOf(cluster));
    expect(processes.map(({ name }) => name)).toEqual([
      'etcd',
      'kube-apiserver',
      'kube-controller-manager',
      'kube-scheduler',
    ]);
    expect(processes.every(isAlive)).toBe(true);
    await cluster.stop();
    expect(processes.filter(isAlive)).toEqual([]);
    expect(existsSync(cluster.folder)).toBe(false);
  });

  it('is cleaned up by the next start when its own process was killed', async () => {
    const other = spawn(process.execPath, [OTHER_PROCESS], { stdio: ['ignore', 'pipe', 'inherit'] });
    const folder = await new Promise<string>((resolve) =>
      other.stdout.once('data', (line: Buffer) => resolve(line.toString().trim())),
    );
    const run: Run = runOf({ folder });
    const processes = processesOf(run);
    expect(processes.filter(isAlive)).toHaveLength(4);
    expect(abandonedRuns().map(({ id }) => id)).not.toContain(run.id);
    other.kill('SIGKILL');
    await until('the killed run is abandoned', async () => abandonedRuns().some(({ id }) => id === run.id), 10_000);
    await removeAbandonedRuns();
    expect(processes.filter(isAlive)).toEqual([]);
    expect(existsSync(folder)).toBe(false);
  });
});
