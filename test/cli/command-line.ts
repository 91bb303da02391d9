import { describeProgram } from '../../src/cli/describe-program.ts';
import { buildProgram } from '../../src/cli.ts';
import { allOf, type CommandTree } from '../../src/commands/command-tree.ts';

const nowhere = { write: () => {}, isTTY: false, columns: undefined };

/** Every command that a person can give, as the program itself has them, with those below commands. */
export const COMMAND_LINE: readonly CommandTree[] = allOf(
  describeProgram(
    buildProgram(
      {
        stdout: nowhere,
        stderr: nowhere,
        stdin: (async function* () {})(),
        env: {},
        cwd: '/',
        now: () => new Date(),
        signal: new AbortController().signal,
      },
      () => {},
    ),
  ),
).filter(({ path }) => path.at(-1) !== 'help');
