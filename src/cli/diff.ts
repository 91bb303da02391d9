import { type Command, Option } from 'commander';
import type { Io } from '../commands/io.ts';
import { SEVERITIES, type Severity } from '../core/check.ts';
import { type RawComparing, telling, tellingOptions } from './comparing-options.ts';
import type { Done } from './exit-codes.ts';

interface RawDiff extends RawComparing {
  readonly failOn: Severity;
  readonly allowUnknown: boolean;
  readonly config?: string;
}

export function addDiff(program: Command, io: Io, done: Done): void {
  telling(program.command('diff'), 'also tell what only moved, such as ages and figures')
    .description('tell what changed from one saved report to another')
    .argument('<before>', 'a report that was saved with --report json=FILE, or a snapshot; - is standard input')
    .argument('<after>', 'the same of a later time')
    .addOption(
      new Option('--fail-on <severity>', 'the mildest failure that counts as worse')
        .choices(SEVERITIES)
        .default('warning'),
    )
    .option('--allow-unknown', 'exit with 0 although something that was seen became unknown', false)
    .option('--config <file>', 'the configuration by which a snapshot is judged')
    .addHelpText(
      'after',
      `
Examples:
  qna-ready diff monday.json tuesday.json
  qna-ready audit -n qna --report json | qna-ready diff ready.json -
  qna-ready diff before.json after.json --report markdown=changes.md

Exit codes:
  0  nothing got worse
  1  something got worse: a failure at or above --fail-on that the first report does not have
  2  wrong use, input that is unreadable or no report, or a bug of ours
  3  nothing got worse, but something that was seen became unknown (see --allow-unknown)`,
    )
    .action(async (before: string, after: string, options: RawDiff) => {
      const { failOn, allowUnknown, config } = options;
      const { diff } = await import('../commands/diff.ts');
      done(
        await diff(
          {
            ...tellingOptions(options),
            before,
            after,
            failOn,
            allowUnknown,
            ...(config === undefined ? {} : { config }),
          },
          io,
        ),
      );
    });
}
