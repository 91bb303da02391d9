import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { ClusterFacts } from './cluster-facts.ts';
import { startControlPlane } from './control-plane.ts';
import { IMAGES } from './images/basic-images.ts';
import { isAlive } from './process-identity.ts';
import { removeAbandonedRuns } from './remove-run.ts';
import { firstMissing, requirementsOf } from './requirements.ts';
import { abandonedRuns, processesOf, type Run, readFacts, runOf } from './run.ts';
import { runKubectl } from './run-kubectl.ts';
import { until } from './until.ts';

const OTHER_PROCESS = fileURLToPath(import.meta.resolve('./start-and-hang.ts'));
const lacks = (tier: 'node' | 'control-plane') => firstMissing(requirementsOf(tier)) !== undefined;

describe('a cluster of the harness', () => {
  it.skipIf(lacks('control-plane'))('leaves no process and no file when it is stopped', async () => {
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

  it.skipIf(lacks('control-plane'))('is cleaned up by the next start when its own process was killed', async () => {
    const { run, kill } = await startElsewhere('control-plane');
    const processes = processesOf(run);
    expect(processes.filter(isAlive)).toHaveLength(4);
    expect(abandonedRuns().map(({ id }) => id)).not.toContain(run.id);
    await kill();
    await removeAbandonedRuns();
    expect(processes.filter(isAlive)).toEqual([]);
    expect(existsSync(run.folder)).toBe(false);
  });

  it.skipIf(lacks('node'))('leaves no pod, mount, network or control group of a killed node', async () => {
    const { run, facts, kill } = await startElsewhere('node');
    await runKubectl(facts, ['run', 'sleeper', `--image=${IMAGES.busybox}`, '--command', '--', 'sleep', '987654']);
    await runKubectl(facts, ['wait', 'pod/sleeper', '--for=condition=Ready', '--timeout=60s']);
    expect(commands().filter((command) => command.includes('sleep 987654'))).toHaveLength(1);
    expect(mounts()).toContain(run.folder);
    const processes = processesOf(run);
    await kill();
    await removeAbandonedRuns();
    expect(processes.filter(isAlive)).toEqual([]);
    expect(commands().filter((command) => command.includes('sleep 987654') || command.includes(run.folder))).toEqual(
      [],
    );
    expect(mounts()).not.toContain(run.folder);
    expect(existsSync(`/run/netns/qna-${run.id}`)).toBe(false);
    expect(readdirSync('/sys/fs/cgroup').filter((name) => name.includes(run.id))).toEqual([]);
    expect(existsSync(`/sys/fs/cgroup/memory/qna-${run.id}`)).toBe(false);
    expect(existsSync(run.folder)).toBe(false);
  });
});

interface Elsewhere {
  readonly run: Run;
  readonly facts: ClusterFacts;
  /** Kills the process that started the cluster, as a crash would. */
  kill(): Promise<void>;
}

async function startElsewhere(tier: 'node' | 'control-plane'): Promise<Elsewhere> {
  const other = spawn(process.execPath, [OTHER_PROCESS, tier], { stdio: ['ignore', 'pipe', 'inherit'] });
  const folder = await new Promise<string>((resolve, reject) => {
    other.stdout.once('data', (line: Buffer) => resolve(line.toString().trim()));
    other.once('exit', () => reject(new Error('The other process ended before its cluster was up.')));
  });
  const run = runOf({ folder });
  const facts = readFacts(run);
  if (facts === undefined) throw new Error(`The run in ${folder} has written no facts.`);
  const isAbandoned = async () => abandonedRuns().some(({ id }) => id === run.id);
  return {
    run,
    facts,
    async kill() {
      other.kill('SIGKILL');
      await until('the killed run is abandoned', isAbandoned, 10_000);
    },
  };
}

function mounts(): string {
  return readFileSync('/proc/self/mounts', 'utf8');
}

function commands(): readonly string[] {
  return readdirSync('/proc').flatMap((name) => {
    try {
      return /^\d+$/.test(name) ? [readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ')] : [];
    } catch {
      return [];
    }
  });
}
