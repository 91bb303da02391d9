import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { POD_CIDR, SERVICE_CIDR } from '../components.ts';
import { allRuns, type LedgerEntry, ledgerOf, type Run } from '../run.ts';

/** Settings of the whole machine that a kubelet changes when it starts. */
const CHANGED_BY_KUBELET = ['vm/overcommit_memory', 'vm/panic_on_oom', 'kernel/panic', 'kernel/panic_on_oops'];

/** Folders that kubelet and network plug-ins make outside the run's folder, and no flag moves. */
const MADE_BY_NODE = ['/var/lib/kubelet', '/var/lib/cni', '/var/log/containers'];

/** Writes down what a node is about to change outside the run's folder. */
export function recordMachineState(run: Run): void {
  for (const setting of CHANGED_BY_KUBELET) {
    const path = `/proc/sys/${setting}`;
    run.record({ made: 'kernel-setting', path, before: readFileSync(path, 'utf8').trim(), at: Date.now() });
  }
  for (const path of MADE_BY_NODE) if (!existsSync(path)) run.record({ made: 'folder', path });
  for (const addresses of [POD_CIDR, SERVICE_CIDR]) if (putFence(addresses)) run.record({ made: 'fence', addresses });
}

/**
 * Nobody reaches the addresses of the node's network from outside of it, and whoever tries must not reach somebody else instead, by
 * the default route of the machine. A network of the machine itself with the same addresses comes first. False where the fence is
 * there already.
 */
function putFence(addresses: string): boolean {
  return spawnSync('ip', ['route', 'add', ...fence(addresses)], { stdio: 'ignore' }).status === 0;
}

function fence(addresses: string): readonly string[] {
  return ['unreachable', addresses, 'metric', '4278198272'];
}

/** Puts the machine back as it was; where another node still runs, that one inherits the task. */
export function restoreMachineState(run: Run): void {
  const ledger = ledgerOf(run);
  const heir = allRuns().find((other) => other.id !== run.id && ledgerOf(other).some(isSetting));
  if (heir !== undefined) {
    for (const entry of ledger)
      if (isSetting(entry) || entry.made === 'folder' || entry.made === 'fence') heir.record(entry);
    return;
  }
  for (const entry of ledger) {
    if (entry.made === 'folder') rmSync(entry.path, { recursive: true, force: true });
    if (entry.made === 'fence') spawnSync('ip', ['route', 'delete', ...fence(entry.addresses)], { stdio: 'ignore' });
  }
  // What was seen first is what nobody had changed yet, so it is written last.
  for (const { path, before } of ledger.filter(isSetting).toSorted((one, other) => other.at - one.at))
    if (readFileSync(path, 'utf8').trim() !== before) writeFileSync(path, before);
}

function isSetting(entry: LedgerEntry): entry is LedgerEntry & { readonly made: 'kernel-setting' } {
  return entry.made === 'kernel-setting';
}
