import { spawnSync } from 'node:child_process';

/** What a process keeps in memory, in MiB, rounded; 0 for one that has ended. */
export function residentMiB(pid: number): number {
  const { stdout } = spawnSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' });
  return Math.round(Number(stdout?.trim() || 0) / 1024);
}
