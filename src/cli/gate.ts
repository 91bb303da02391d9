import type { Command } from 'commander';
import type { Io } from '../commands/io.ts';
import { type Done, EXIT_CODE_TABLE } from './exit-codes.ts';
import { CHANGED_SINCE, filesChoice, filesOptions, type RawFiles } from './files-options.ts';
import { choosing, common, judging, type RawCommon } from './judging-options.ts';

interface RawGate {
  readonly changedSince?: string;
}

export function addGate(program: Command, io: Io, done: Done): void {
  filesOptions(choosing(judging(program.command('gate'))))
    .description('decide in a pipeline whether a change may pass: all that the configuration names, one exit code')
    .argument('[path...]', 'files and folders; - is standard input (default: gate.paths of the configuration, else .)')
    .option(...CHANGED_SINCE)
    .addHelpText(
      'after',
      `
Below gate, the configuration names paths, cluster, urls, baseline, reports and failOn; what is given here counts before it, and reports are added.
.qna-ready/baseline.json is the baseline where it exists. In GitHub Actions it tells annotations and writes the summary of the job.

Examples:
  qna-ready gate
  qna-ready gate k8s/ --changed-since origin/main
  qna-ready gate --report sarif=qna-ready.sarif --report junit=qna-ready.xml
  qna-ready gate --report json=.qna-ready/baseline.json
${EXIT_CODE_TABLE}`,
    )
    .action(async (paths: readonly string[], options: RawCommon & RawFiles & RawGate, command: Command) => {
      const { gate } = await import('../commands/gate.ts');
      const { changedSince } = options;
      const { failOn, ...rest } = common(options);
      const given = {
        ...rest,
        ...filesChoice(options),
        paths,
        reports: options.report,
        ...(command.getOptionValueSource('failOn') === 'default' ? {} : { failOn }),
        ...(changedSince === undefined ? {} : { changedSince }),
      };
      done(await gate(given, io));
    });
}
