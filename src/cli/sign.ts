import type { Command } from 'commander';
import type { Io } from '../commands/io.ts';
import type { Done } from './exit-codes.ts';
import { choosing, common, type RawCommon } from './judging-options.ts';
import { lookingChoice, lookingOptions, type RawLooking } from './looking-options.ts';
import { refuseBefore } from './nested.ts';
import { collect } from './values.ts';

interface RawSign extends RawLooking, Pick<RawCommon, 'app' | 'selector' | 'config'> {
  readonly by: string;
  readonly note: string;
  readonly until: string;
}

/** A signature is about the whole of the evidence, so nothing of it can be left out. */
const WHOLE: RawCommon = {
  only: [],
  skip: [],
  failOn: 'warning',
  allowUnknown: false,
  report: [],
  verbose: false,
  quiet: false,
  explain: false,
  progress: true,
  color: undefined,
};

/** Adds `sign` below `checklist`. */
export function addSign(checklist: Command, io: Io, done: Done): void {
  lookingOptions(choosing(checklist.command('sign')))
    .description('sign items of the checklist for the evidence that there is now')
    .argument('<item>', 'items by id or name, with commas between: 9.1,9.2')
    .argument('[path...]', 'files and folders; - is standard input')
    .requiredOption('--by <name>', 'who signs')
    .requiredOption('--note <text>', 'what was looked at')
    .requiredOption('--until <day>', 'the last day on which it holds, YYYY-MM-DD, a year ahead at most')
    .option('--config <file>', 'the configuration (default: qna-ready.config.yaml, where it exists)')
    .addHelpText(
      'after',
      `
Sign with the sources that the checklist is told from:
a signature holds for the evidence that it was given for.

Examples:
  qna-ready checklist sign 9.1 k8s/ --by 'Jane Doe' --note 'Walked through it with both teams.' --until 2027-03-31
  qna-ready checklist sign 9.1,9.2 --from-report checklist.json --by 'Jane Doe' --note 'Launch meeting.' --until 2027-01-31`,
    )
    .action(async (items: string, paths: readonly string[], options: RawSign, command: Command) => {
      refuseBefore(command);
      const { sign } = await import('../commands/sign.ts');
      const { by, note, until } = options;
      const chosen = { ...common({ ...WHOLE, ...options }), ...lookingChoice(paths, options) };
      done(await sign({ ...chosen, items: collect(items, []), by, note, until }, io));
    });
}
