import type { Failure } from '../scaffold/scaffold.ts';
import { readConfiguration } from '../sources/configuration/read-configuration.ts';
import { filesSource } from '../sources/files/files-source.ts';
import type { Io } from './io.ts';
import { chosenChecks, judge, observe } from './judge.ts';
import type { CommonOptions } from './options.ts';

/** What `validate` finds lacking in a project, each check and subject once. */
export async function failuresIn(root: string, io: Io): Promise<readonly Failure[]> {
  const options: CommonOptions = {
    only: [],
    skip: [],
    failOn: 'warning',
    allowUnknown: true,
    reports: [],
    verbose: false,
  };
  const configuration = await readConfiguration(undefined, [root]);
  const checks = chosenChecks(options);
  const source = filesSource({ paths: ['.'], cwd: root, stdin: io.stdin });
  const snapshot = await observe(source, checks, io.signal);
  const run = { command: 'validate', checks, snapshots: [snapshot], startedAt: io.now() };
  return judge(run, options, configuration).findings.filter(({ outcome }) => outcome === 'fail');
}
