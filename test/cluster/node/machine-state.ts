import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { LedgerEntry, Run } from '../run.ts';

/** Settings of the whole machine that a kubelet changes when it starts. */
const CHANGED_BY_KUBELET = ['vm/overcommit_memory', 'vm/panic_on_oom', 'kernel/panic', 'kernel/panic_on_oops'];

/** Folders that kubelet and network plug-ins make outside the run's folder, and no flag moves. */
const MADE_BY_NODE = ['/var/lib/kubelet', '/var/lib/cni', '/var/log/containers'];

/** Writes down what a node is about to change outside the run's folder. */
export function recordMachineState(run: Run): void {
  for (const setting of CHANGED_BY_KUBELET) {
    const path = `/proc/sys/${setting}`;
    run.record({ made: 'kernel-setting', path, before: readFileSync(path, 'utf8').trim() });
  }
  for (const path of MADE_BY_NODE) if (!existsSync(path)) run.record({ made: 'folder', path });
}

export function restoreMachineState(ledger: readonly LedgerEntry[]): void {
  for (const entry of ledger) {
    if (entry.made === 'folder') rmSync(entry.path, { recursive: true, force: true });
    if (entry.made === 'kernel-setting' && readFileSync(entry.path, 'utf8').trim() !== entry.before)
      writeFileSync(entry.path, entry.before);
  }
}
