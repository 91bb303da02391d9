import { Command, CommanderError } from 'commander';
import { addAudit } from './cli/audit.ts';
import { addChecklist } from './cli/checklist.ts';
import { addDiff } from './cli/diff.ts';
import { type Done, EXIT_CODE_TABLE } from './cli/exit-codes.ts';
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
  const program = buildProgram(io, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
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

function buildProgram(io: Io, done: Done): Command {
  const program = new Command('qna-ready')
    .description('Makes an LLM question-answering service ready for production on Kubernetes, and proves that it is.')
    .version(VERSION, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      outputError: (text, write) => write(text.replace(/^error: /, 'qna-ready: ')),
      getOutHelpWidth: () => io.stdout.columns ?? 100,
      getErrHelpWidth: () => io.stderr.columns ?? 100,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .addHelpText(
      'after',
      `
Examples:
  qna-ready init --name qna --host qna.example.com    write the manifests
  qna-ready validate k8s/                             judge them, offline
  qna-ready audit --context staging -n qna            judge a live cluster
  qna-ready probe http://localhost:8080               judge a running service
  qna-ready checklist . --cluster --url https://qna.example.com
  qna-ready explain probes/readiness-probe            why, and how to mend it
${EXIT_CODE_TABLE}`,
    );
  // Sub-commands inherit the output and the override only when they are made by the program.
  addInit(program, io, done);
  addValidate(program, io, done);
  addAudit(program, io, done);
  addProbe(program, io, done);
  addChecklist(program, io, done);
  addDiff(program, io, done);
  addHistory(program, io, done);
  program
    .command('explain')
    .description(
      'tell why a check is made, what it looks at, how to mend and how to verify it; without a name, list all',
    )
    .argument('[check]', 'a check, a topic or an item: probes/budget, probes, 2.3')
    .action(async (name: string | undefined) => done(await (await import('./commands/explain.ts')).explain(name, io)));
  return program;
}
