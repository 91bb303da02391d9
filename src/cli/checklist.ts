import type { Command } from 'commander';
import type { ChecklistOptions } from '../commands/checklist.ts';
import type { Io } from '../commands/io.ts';
import type { CommonOptions } from '../commands/options.ts';
import { clusterChoice, clusterOptions, type RawCluster } from './cluster-options.ts';
import { endpointChoice, endpointOptions, type RawEndpoint } from './endpoint-options.ts';
import { type Done, EXIT_CODE_TABLE } from './exit-codes.ts';
import { filesChoice, filesOptions, type RawFiles } from './files-options.ts';
import { choosing, common, judging, type RawCommon } from './judging-options.ts';
import { collect } from './values.ts';

interface RawChecklist {
  readonly cluster: boolean;
  readonly snapshot?: string;
  readonly url?: string;
  readonly fromReport: readonly string[];
  readonly signoffs?: string;
}

export function addChecklist(program: Command, io: Io, done: Done): void {
  const checklist = looking(choosing(judging(program.command('checklist'))))
    .description('tell every item of the review with its evidence, from files, cluster, endpoint and saved reports')
    .argument('[path...]', 'files and folders; - is standard input')
    .addHelpText(
      'after',
      `
Examples:
  qna-ready checklist . --cluster --url https://qna.example.com
  qna-ready checklist . --cluster -n platform --app qna
  qna-ready checklist --from-report validate.json --from-report audit.json
  qna-ready checklist sign 9.1 . --by 'Jane Doe' --note 'Walked through the runbook.' --until 2027-03-31
${EXIT_CODE_TABLE}`,
    )
    .action(async (paths: readonly string[], options: RawCommon & RawLooking) => {
      const { checklist: tellChecklist } = await import('../commands/checklist.ts');
      done(await tellChecklist({ ...common(options), ...looked(paths, options) }, io));
    });
  // What stands behind `sign` is for that alone, although both know many of the same options.
  checklist.enablePositionalOptions();
  looking(choosing(checklist.command('sign')))
    .description('sign items of the checklist for the evidence that there is now')
    .argument('<items>', 'items by id or name, with commas between: 9.1,9.2')
    .argument('[path...]', 'files and folders; - is standard input')
    .requiredOption('--by <name>', 'who signs')
    .requiredOption('--note <text>', 'what was looked at')
    .requiredOption('--until <day>', 'the last day on which it holds, YYYY-MM-DD, a year ahead at most')
    .option('--config <file>', 'the configuration (default: qna-ready.config.yaml, where it exists)')
    .addHelpText(
      'after',
      `
Sign with the sources that the checklist is told from: a signature holds for the evidence that it was given for, and is void when that changes.

Examples:
  qna-ready checklist sign 9.1 k8s/ --by 'Jane Doe' --note 'Walked through the runbook with both teams.' --until 2027-03-31
  qna-ready checklist sign 9.1,9.2 --from-report checklist.json --by 'Jane Doe' --note 'Reviewed in the launch meeting.' --until 2027-01-31`,
    )
    .action(async (items: string, paths: readonly string[], options: RawSign) => {
      const { sign } = await import('../commands/sign.ts');
      const { by, note, until } = options;
      done(
        await sign(
          {
            ...common({ ...UNJUDGED, ...options }),
            ...looked(paths, options),
            items: collect(items, []),
            by,
            note,
            until,
          },
          io,
        ),
      );
    });
}

interface RawSign extends RawLooking, Pick<RawCommon, 'app' | 'selector' | 'config'> {
  readonly by: string;
  readonly note: string;
  readonly until: string;
}

/** A signature is about the whole of the evidence. */
const UNJUDGED: RawCommon = {
  only: [],
  skip: [],
  failOn: 'warning',
  allowUnknown: false,
  report: [],
  verbose: false,
  color: undefined,
};

type RawLooking = RawFiles & RawCluster & RawEndpoint & RawChecklist;

/** All that a checklist can be told from. */
function looking(command: Command): Command {
  return endpointOptions(clusterOptions(filesOptions(command)))
    .option('--cluster', 'look at the cluster of the kubeconfig; --context and --namespace imply it', false)
    .option('--snapshot <file>', 'a saved snapshot in place of a cluster')
    .option('--url <url>', 'look at a running service')
    .option('--from-report <file>', 'a report that was saved with --report json=FILE; may be repeated', collect, [])
    .option('--signoffs <file>', 'the file of signatures (default: .qna-ready/signoffs.yaml)');
}

function looked(paths: readonly string[], options: RawLooking): Omit<ChecklistOptions, keyof CommonOptions> {
  const { url, snapshot, ca, signoffs } = options;
  const wantsCluster =
    options.cluster ||
    options.context.length > 0 ||
    options.namespace.length > 0 ||
    options.allNamespaces ||
    options.against.length > 0;
  return {
    ...filesChoice(options),
    paths,
    ...(wantsCluster ? { cluster: { ...clusterChoice(options), ...(ca === undefined ? {} : { ca }) } } : {}),
    ...(snapshot === undefined ? {} : { snapshot }),
    ...(url === undefined ? {} : { endpoint: endpointChoice(url, options) }),
    ...(signoffs === undefined ? {} : { signoffs }),
    savedReports: options.fromReport,
  };
}
