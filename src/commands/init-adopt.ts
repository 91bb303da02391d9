import type { Failure } from '../scaffold/scaffold.ts';
import { filesSource } from '../sources/files/files-source.ts';
import type { Io } from './io.ts';
import { chosenChecks, findingsOf, observe } from './judge.ts';
import { readPolicy } from './policy.ts';

/** What `validate` finds lacking in a project, each check and subject once. */
export async function failuresIn(root: string, io: Io): Promise<readonly Failure[]> {
  const policy = await readPolicy({}, [root], io);
  const checks = chosenChecks({ only: [], skip: [] });
  const source = filesSource({ paths: ['.'], cwd: root, stdin: io.stdin });
  const snapshot = await observe(source, checks, io.signal);
  const run = { command: 'validate', checks, snapshots: [snapshot], startedAt: io.now() };
  return findingsOf(run, policy).filter(({ outcome }) => outcome === 'fail');
}
