import { execFileSync } from 'node:child_process';
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { endProcess } from '../end-process.ts';
import { identify } from '../process-identity.ts';
import { ledgerOf, type Run } from '../run.ts';
import { until } from '../until.ts';
import { containerdSocket } from './containerd.ts';
import { processesIn, removeControlGroup } from './control-group.ts';
import { restoreMachineState } from './machine-state.ts';

/**
 * Removes what a node leaves when its components have ended: the pods' processes, which lie in the run's own control
 * group, their shims, mounts, networks and links. Nothing is asked of a component, so a killed run goes the same way.
 */
export async function removeNodeRemains(run: Run): Promise<void> {
  const ledger = ledgerOf(run);
  const namespaces = ledger.flatMap((entry) => (entry.made === 'network-namespace' ? [entry.name] : []));
  const groups = ledger.flatMap((entry) => (entry.made === 'control-group' ? [entry.name] : []));
  if (namespaces.length === 0) return;
  const sandboxes = sandboxesOf(run);
  for (const pid of shimsOf(run)) await endByNumber(pid);
  for (const group of groups) await endPods(group);
  for (const mount of mountsBelow(run.folder)) execFileSync('umount', ['--lazy', mount], { stdio: 'pipe' });
  for (const group of groups) removeControlGroup(group);
  for (const name of namespaces) {
    if (existsSync(`/run/netns/${name}`)) execFileSync('ip', ['netns', 'delete', name], { stdio: 'pipe' });
  }
  removeFiles('/var/lib/cni/results', (file) => sandboxes.some((sandbox) => file.includes(sandbox)));
  removeFiles('/var/log/containers', (_, path) => pointsInto(path, run.folder));
  restoreMachineState(run);
}

/** Kills until none is left: a process may make another while it is being ended. */
async function endPods(group: string): Promise<void> {
  await until(
    'the pods of the run have ended',
    async () => {
      const pids = processesIn(group);
      for (const pid of pids) await endByNumber(pid);
      return pids.length === 0;
    },
    30_000,
  );
}

async function endByNumber(pid: number): Promise<void> {
  const identity = identify(pid);
  if (identity !== undefined) await endProcess(identity, 0);
}

/** Shims are on their own once containerd has started them; each names the socket of the containerd that it serves. */
function shimsOf(run: Run): readonly number[] {
  const socket = containerdSocket(run);
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      const words = commandOf(pid);
      return (words[0] ?? '').endsWith('containerd-shim-runc-v2') && words.includes(socket);
    });
}

/** The ids of the pods' sandboxes, by which the network plug-ins name their files. */
function sandboxesOf(run: Run): readonly string[] {
  const folder = join(run.folder, 'state', 'io.containerd.runtime.v2.task', 'k8s.io');
  return existsSync(folder) ? readdirSync(folder) : [];
}

function commandOf(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return [];
  }
}

/** The deepest first. */
function mountsBelow(folder: string): readonly string[] {
  const mounts = readFileSync('/proc/self/mounts', 'utf8').split('\n');
  const paths = mounts.map((line) => line.split(' ')[1] ?? '');
  return paths.filter((path) => path.startsWith(`${folder}/`)).toReversed();
}

function removeFiles(folder: string, chosen: (name: string, path: string) => boolean): void {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (chosen(name, path)) rmSync(path, { force: true });
  }
}

function pointsInto(path: string, folder: string): boolean {
  return lstatSync(path).isSymbolicLink() && readlinkSync(path).startsWith(`${folder}/`);
}
