import { Argument, type Command } from 'commander';
import type { Shell } from '../commands/completion/words.ts';
import type { Io } from '../commands/io.ts';
import { REPORT_FORMATS } from '../reporters/reporter.ts';
import type { Done } from './exit-codes.ts';

const SHELLS: readonly Shell[] = ['bash', 'zsh', 'fish'];

export function addCompletion(program: Command, io: Io, done: Done): void {
  program
    .command('completion')
    .description('print the script by which a shell completes commands, options, checks and files')
    .addArgument(new Argument('<shell>', 'the shell that reads it').choices(SHELLS))
    .addHelpText(
      'after',
      `
Examples:
  qna-ready completion bash > ~/.local/share/bash-completion/completions/qna-ready
  qna-ready completion zsh > "\${fpath[1]}/_qna-ready"
  qna-ready completion fish > ~/.config/fish/completions/qna-ready.fish
  source <(qna-ready completion bash)`,
    )
    .action(async (shell: Shell) => {
      const { describeProgram } = await import('./describe-program.ts');
      const { completion } = await import('../commands/completion/completion.ts');
      done(await completion(shell, describeProgram(program), REPORT_FORMATS, io));
    });
}
