import type { Adoption } from '../scaffold/scaffold.ts';
import { filesSource } from '../sources/files/files-source.ts';
import { describeRoles } from './describe-roles.ts';
import type { Io } from './io.ts';
import { chosenChecks, findingsOf, observe } from './judge.ts';
import { readPolicy } from './policy.ts';

/** What `validate` finds in a project: what is lacking, who plays which part, and what could not be read. */
export async function judgeProject(root: string, io: Io): Promise<Adoption> {
  const policy = await readPolicy({}, [root], io);
  const checks = chosenChecks({ only: [], skip: [] });
  const source = filesSource({ paths: ['.'], cwd: root, stdin: io.stdin });
  const snapshot = await observe(source, checks, io.signal);
  const run = { command: 'validate', checks, snapshots: [snapshot], startedAt: io.now() };
  return {
    failures: findingsOf(run, policy).filter(({ outcome }) => outcome === 'fail'),
    roles: describeRoles(snapshot, policy.settings),
    notRead: snapshot.notSeen,
  };
}
