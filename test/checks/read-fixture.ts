import { readFileSync } from 'node:fs';
import type { Check } from '../../src/core/check.ts';
import type { FactName, Observed, Snapshot } from '../../src/core/facts.ts';
import { filesSource } from '../../src/sources/files/files-source.ts';
import { readSnapshots } from '../../src/sources/replay/read-snapshot.ts';

/**
 * Turns a fixture into the snapshot that it stands for. A folder or a YAML file is read as the files source reads it; a JSON
 * file is a saved snapshot, in which facts that hold lists may be left out where there are none.
 */
export async function readFixture(path: string, check: Check): Promise<Snapshot> {
  if (!path.endsWith('.json')) {
    const source = filesSource({ paths: [path], cwd: '/', stdin: nothing() });
    return source.collect(new Set(check.needs), new AbortController().signal);
  }
  const [snapshot] = readSnapshots(readFileSync(path), path);
  if (snapshot === undefined) throw new Error(`${path} holds no snapshot.`);
  const absent: Observed<unknown> = { seen: true, value: [] };
  const facts: Partial<Record<FactName, Observed<unknown>>> = {};
  for (const name of check.needs) facts[name] = snapshot.facts[name] ?? absent;
  return { ...snapshot, facts: facts as Snapshot['facts'] };
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
