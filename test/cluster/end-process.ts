import { isAlive, type ProcessIdentity } from './process-identity.ts';
import { until } from './until.ts';

// Nothing that these processes hold is needed afterwards, so a slow farewell is not waited for.
const GRACE_MS = 2000;

/** Ends that very process, politely and then not; a number that somebody else has by now is left alone. */
export async function endProcess(identity: ProcessIdentity, graceMs = GRACE_MS): Promise<void> {
  if (!signal(identity, 'SIGTERM')) return;
  const gone = async () => !isAlive(identity);
  try {
    await until(`process ${identity.pid} ends`, gone, graceMs);
  } catch {
    signal(identity, 'SIGKILL');
    await until(`process ${identity.pid} is ended`, gone, 10_000);
  }
}

function signal(identity: ProcessIdentity, name: NodeJS.Signals): boolean {
  if (!isAlive(identity)) return false;
  try {
    process.kill(identity.pid, name);
    return true;
  } catch {
    return false;
  }
}
