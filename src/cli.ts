import { Command, CommanderError } from 'commander';
import { addAudit } from './cli/audit.ts';
import { addChecklist } from './cli/checklist.ts';
import { spellOutColor } from './cli/color-options.ts';
import { addCompletion } from './cli/completion.ts';
import { addDiff } from './cli/diff.ts';
import { type Done, EXIT_CODE_TABLE } from './cli/exit-codes.ts';
import { addGate } from './cli/gate.ts';
import { addHistory } from './cli/history.ts';
import { addInit } from './cli/init.ts';
import { addProbe } from './cli/probe.ts';
import { addValidate } from './cli/validate.ts';
import type { Io } from './commands/io.ts';
import { VERSION } from './commands/version.ts';
import { reasonOf, UserError } from './core/errors.ts';

/** The program as a function: arguments and the world in, exit code out. It never ends the process. */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  let exitCode = 0;
  let complaint = '';
  const program = buildProgram(
    io,
    (code) => {
      exitCode = code;
    },
    {
      complain: (text) => {
        complaint = text;
      },
      ...(asksForHelp(argv) ? { configure: (await import('./cli/help.ts')).configureHelp } : {}),
    },
  );
  try {
    await program.parseAsync([...spellOutColor(argv)], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (complaint !== '') io.stderr.write((await import('./cli/complaint.ts')).plainly(complaint));
      return error.exitCode === 0 ? 0 : 2;
    }
    if (error instanceof UserError) {
      io.stderr.write(`qna-ready: ${error.message}\n${error.hint === undefined ? '' : `  ${error.hint}\n`}`);
      return 2;
    }
    if (io.signal.aborted) {
      io.stderr.write('qna-ready: interrupted; nothing was decided.\n');
      return 2;
    }
    io.stderr.write(
      `qna-ready: this is a bug of qna-ready ${VERSION}: ${reasonOf(error)}\n${error instanceof Error ? `${error.stack}\n` : ''}`,
    );
    return 2;
  }
}

/** What is loaded only where somebody reads it, so that every other run starts without. */
interface Manner {
  /** Takes what commander says of a wrong command line. */
  readonly complain?: (text: string) => void;
  readonly configure?: (program: Command, io: Io) => void;
}

/** The program with its whole command line, which help, completion and the manual page are made from. */
export function buildProgram(io: Io, done: Done, { complain, configure }: Manner = {}): Command {
  const program = new Command(io.calledAs ?? 'qna-ready').configureOutput({
    writeOut: (text) => io.stdout.write(text),
    writeErr: (text) => io.stderr.write(text),
    outputError: (text) => complain?.(text),
  });
  configure?.(program, io);
  program
    .description('Makes an LLM question-answering service ready for production on Kubernetes, and proves that it is.')
    .version(VERSION, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .showSuggestionAfterError()
    // Nested commands, such as `checklist sign`, have options of the same names as those around them.
    .enablePositionalOptions()
    .exitOverride()
    .addHelpText(
      'after',
      `
Examples:
  qna-ready init --name qna --host qna.example.com    write the manifests
  qna-ready validate k8s/                             judge them, offline
  qna-ready audit --context staging -n qna            judge a live cluster
  qna-ready probe http://localhost:8080               judge a running service
  qna-ready checklist . --cluster --url https://qna.example.com
  qna-ready gate --changed-since origin/main          decide in a pipeline
  qna-ready explain probes/readiness-probe            why, and how to mend it
${EXIT_CODE_TABLE}`,
    );
  // Sub-commands inherit the output and the override only when they are made by the program.
  addInit(program, io, done);
  addValidate(program, io, done);
  addAudit(program, io, done);
  addProbe(program, io, done);
  addChecklist(program, io, done);
  addGate(program, io, done);
  addDiff(program, io, done);
  addHistory(program, io, done);
  program
    .command('explain')
    .description(
      'tell why a check is made, what it looks at, how to mend and how to verify it; without a name, list all',
    )
    .argument('[check]', 'a check, a topic or an item: probes/budget, probes, 2.3')
    .addHelpText(
      'after',
      `
Examples:
  qna-ready explain probes/budget
  qna-ready explain 2.3
  qna-ready explain | less`,
    )
    .action(async (name: string | undefined) => done(await (await import('./commands/explain.ts')).explain(name, io)));
  addCompletion(program, io, done);
  return program;
}

function asksForHelp(argv: readonly string[]): boolean {
  return argv.length === 0 || argv.some((argument) => /^(?:help|--help|-[a-zA-Z]*h[a-zA-Z]*)$/.test(argument));
}
