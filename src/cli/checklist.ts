import type { Command } from 'commander';
import type { Io } from '../commands/io.ts';
import { type Done, EXIT_CODE_TABLE } from './exit-codes.ts';
import { choosing, common, judging, type RawCommon } from './judging-options.ts';
import { lookingChoice, lookingOptions, type RawLooking } from './looking-options.ts';
import { addSign } from './sign.ts';
import { inWorld, worldFor } from './world.ts';

export function addChecklist(program: Command, io: Io, done: Done): void {
  const command = lookingOptions(choosing(judging(program.command('checklist'))))
    .description('tell every item of the review with its evidence, from files, cluster, endpoint and saved reports')
    .argument('[path...]', 'files and folders; - is standard input')
    .addHelpText(
      'after',
      `
Examples:
  qna-ready checklist . --cluster --url https://qna.example.com
  qna-ready checklist . --cluster -n platform --app qna
  qna-ready checklist --from-report validate.json --from-report audit.json
  qna-ready checklist sign 9.1 . --by 'Jane Doe' --note 'Walked through it.' --until 2027-03-31
${EXIT_CODE_TABLE}`,
    )
    .action(async (paths: readonly string[], options: RawCommon & RawLooking) => {
      const { checklist } = await import('../commands/checklist.ts');
      const chosen = { ...common(options), ...lookingChoice(paths, options) };
      // A look at a cluster tells itself how it goes.
      done(
        chosen.cluster !== undefined
          ? await checklist(chosen, worldFor(options, io))
          : await inWorld('Looking at what was given', options, io, (world, reading) =>
              checklist({ ...chosen, ...(reading === undefined ? {} : { reading }) }, world),
            ),
      );
    });
  addSign(command, io, done);
}
