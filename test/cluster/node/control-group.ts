import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Run } from '../run.ts';

const ROOT = '/sys/fs/cgroup';
const SHARES = { 'cpu.shares': '16384', 'cpu.weight': '1000' } as const;

/** Makes the control group that holds all pods of this run, in every hierarchy; gives its name. */
export function createControlGroup(run: Run): string {
  const name = `qna-${run.id}`;
  run.record({ made: 'control-group', name });
  for (const hierarchy of hierarchies()) {
    const folder = join(hierarchy, name);
    mkdirSync(folder, { recursive: true });
    // In version 1 a new cpuset is empty, and nothing may run in it.
    for (const setting of ['cpuset.cpus', 'cpuset.mems'])
      if (hierarchy.endsWith('/cpuset')) writeFileSync(join(folder, setting), readFileSync(join(hierarchy, setting)));
    // Otherwise all pods together are given as much as any one process beside them: cpu.shares in version 1, cpu.weight in 2.
    for (const [setting, value] of Object.entries(SHARES))
      if (existsSync(join(folder, setting))) writeFileSync(join(folder, setting), value);
  }
  return name;
}

/** The processes of all pods of a run. */
export function processesIn(name: string): readonly number[] {
  const folders = hierarchies().flatMap((hierarchy) => below(join(hierarchy, name)));
  const processes = folders.flatMap((folder) =>
    readFileSync(join(folder, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean).map(Number),
  );
  return [...new Set(processes)];
}

/** Removes a run's control group; its processes must have ended. */
export function removeControlGroup(name: string): void {
  for (const hierarchy of hierarchies())
    for (const folder of below(join(hierarchy, name)).toReversed()) rmdirSync(folder);
}

/** Version 2 has one hierarchy, and it is the root itself; version 1 has a folder for each controller. */
function hierarchies(): readonly string[] {
  if (existsSync(join(ROOT, 'cgroup.controllers'))) return [ROOT];
  const folders = readdirSync(ROOT, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return folders.map(({ name }) => join(ROOT, name)).filter((folder) => existsSync(join(folder, 'cgroup.procs')));
}

/** A folder and all below it, parents first; nothing where it is not there. */
function below(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  const children = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return [folder, ...children.flatMap(({ name }) => below(join(folder, name)))];
}
