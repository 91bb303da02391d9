import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { identify, isAlive, type ProcessIdentity } from './process-identity.ts';

/**
 * Gives a folder that `make` fills once, for all processes and all later runs. It is filled under another name and
 * renamed when whole, so a killed or failed making leaves nothing that anybody would use.
 */
export async function madeOnce(target: string, make: (folder: string) => Promise<void>): Promise<string> {
  if (existsSync(target)) return target;
  mkdirSync(dirname(target), { recursive: true });
  const unlock = await lock(`${target}.lock`);
  const partial = `${target}.${randomUUID()}.partial`;
  try {
    if (existsSync(target)) return target;
    mkdirSync(partial);
    await make(partial);
    renameSync(partial, target);
    return target;
  } finally {
    rmSync(partial, { recursive: true, force: true });
    unlock();
  }
}

/**
 * Saves a second process the same work. Two that find the same dead owner may both go on, which costs time and nothing
 * else: the rename decides.
 */
async function lock(file: string): Promise<() => void> {
  let told = false;
  while (!take(file)) {
    const owner = ownerOf(file);
    if (owner !== undefined && !isAlive(owner)) {
      rmSync(file, { force: true });
      continue;
    }
    if (!told) process.stderr.write(`cluster: another process is making ${file.slice(0, -'.lock'.length)}; waiting\n`);
    told = true;
    await delay(500);
  }
  return () => rmSync(file, { force: true });
}

function take(file: string): boolean {
  try {
    writeFileSync(file, JSON.stringify(identify(process.pid)), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function ownerOf(file: string): ProcessIdentity | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as ProcessIdentity;
  } catch {
    // Released this moment, or taken and not yet written: the next look will tell.
    return undefined;
  }
}
