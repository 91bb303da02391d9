import { resolve } from 'node:path';
import type { Snapshot } from '../core/facts.ts';
import type { Io } from './io.ts';
import { VERSION } from './version.ts';

/** Keeps snapshots in a file that a person named, and says so. */
export async function save(file: string, snapshots: readonly Snapshot[], recordedAt: Date, io: Io): Promise<void> {
  const { saveSnapshots } = await import('../sources/replay/save-snapshot.ts');
  await saveSnapshots(resolve(io.cwd, file), snapshots, { recordedAt, recordedBy: VERSION });
  io.stderr.write(`Saved the snapshot to ${file}.\n`);
}
