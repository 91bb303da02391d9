import type { Command } from 'commander';
import type { Io } from '../commands/io.ts';
import { DEFAULT_HISTORY, type HistoryPlace } from '../commands/open-history.ts';
import { UserError } from '../core/errors.ts';
import { type RawComparing, telling, tellingOptions } from './comparing-options.ts';
import type { Done } from './exit-codes.ts';
import { refuseBefore } from './nested.ts';
import { positive } from './values.ts';

interface RawPlace {
  readonly dir?: string;
  readonly dsn?: string;
  readonly dsnEnv?: string;
  readonly postgres: boolean;
}

interface RawHistory extends RawComparing, RawPlace {
  readonly target?: string;
  readonly item?: string;
}

const EXIT_CODES = `
Exit codes:
  0  it was done
  2  wrong use, a history that cannot be reached or is empty, or a bug of ours`;

export function addHistory(program: Command, io: Io, done: Done): void {
  const history = placed(telling(program.command('history'), 'tell all the evidence of a story'))
    .description(
      'tell what stored reports say together: the trend of each item, when it flipped, and since when all is ready',
    )
    .argument('[dir]', `a folder of reports (default: ${DEFAULT_HISTORY})`)
    .option('--target <words>', 'only the reports about this target, or whose target has these words in it')
    .option('--item <item>', 'the whole story of one item, with its evidence at each flip: 4.1 or pvc')
    .addHelpText(
      'after',
      `
Examples:
  qna-ready audit -n qna --report json | qna-ready history add -
  qna-ready history                                   the trend of every item
  qna-ready history --item 4.1 --target production    the story of one of them
  qna-ready history --dsn-env HISTORY_URL             from PostgreSQL
${EXIT_CODES}
  3  it was told, but a stored report could not be read`,
    )
    .action(async (dir: string | undefined, options: RawHistory) => {
      if (dir !== undefined && options.dir !== undefined)
        throw new UserError('The folder of the history was given twice.', { hint: 'Take --dir away.' });
      const { target, item } = options;
      const run = await import('../commands/history.ts');
      done(
        await run.history(
          {
            ...tellingOptions(options),
            ...placeOf(dir === undefined ? options : { ...options, dir }),
            ...(target === undefined ? {} : { target }),
            ...(item === undefined ? {} : { item }),
          },
          io,
        ),
      );
    });
  addKeeping(history, io, done);
}

function addKeeping(history: Command, io: Io, done: Done): void {
  placed(history.command('add'))
    .description('store reports under their time and target; the same report twice is stored once')
    .argument('<report...>', 'reports that were saved with --report json=FILE; - is standard input')
    .addHelpText(
      'after',
      `
Examples:
  qna-ready history add ready.json
  qna-ready audit -n qna --report json | qna-ready history add - --dsn-env HISTORY_URL
${EXIT_CODES}`,
    )
    .action(async (files: readonly string[], options: RawPlace, command: Command) => {
      refuseBefore(command);
      const { historyAdd } = await import('../commands/history-keep.ts');
      done(await historyAdd(files, placeOf(options), io));
    });
  placed(history.command('prune'))
    .description('remove reports that are older than so many days')
    .requiredOption('--keep-days <days>', 'what is younger stays', positive)
    .addHelpText(
      'after',
      `
Examples:
  qna-ready history prune --keep-days 365
${EXIT_CODES}`,
    )
    .action(async (options: RawPlace & { readonly keepDays: number }, command: Command) => {
      refuseBefore(command);
      const { historyPrune } = await import('../commands/history-keep.ts');
      done(await historyPrune(options.keepDays, placeOf(options), io));
    });
}

function placed(command: Command): Command {
  return command
    .option('--dir <folder>', `the folder of the history (default: ${DEFAULT_HISTORY})`)
    .option('--dsn <url>', 'the URL of a PostgreSQL that has it; others can see it in the list of processes')
    .option('--dsn-env <name>', 'the environment variable with that URL')
    .option('--postgres', 'the same as --dsn-env DATABASE_URL', false);
}

function placeOf({ dir, dsn, dsnEnv, postgres }: RawPlace): HistoryPlace {
  const variable = dsnEnv ?? (postgres && dsn === undefined ? 'DATABASE_URL' : undefined);
  return {
    ...(dir === undefined ? {} : { folder: dir }),
    ...(dsn === undefined ? {} : { dsn }),
    ...(variable === undefined ? {} : { dsnEnv: variable }),
  };
}
