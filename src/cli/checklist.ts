import type { Command } from 'commander';
import type { Io } from '../commands/io.ts';
import { clusterChoice, clusterOptions, type RawCluster } from './cluster-options.ts';
import { endpointChoice, endpointOptions, type RawEndpoint } from './endpoint-options.ts';
import { type Done, EXIT_CODE_TABLE } from './exit-codes.ts';
import { filesChoice, filesOptions, type RawFiles } from './files-options.ts';
import { choosing, common, judging, type RawCommon } from './judging-options.ts';
import { collect } from './values.ts';
import { inWorld, worldFor } from './world.ts';

interface RawChecklist {
  readonly cluster: boolean;
  readonly snapshot?: string;
  readonly url?: string;
  readonly fromReport: readonly string[];
}

export function addChecklist(program: Command, io: Io, done: Done): void {
  endpointOptions(clusterOptions(filesOptions(choosing(judging(program.command('checklist'))))))
    .description('tell every item of the review with its evidence, from files, cluster, endpoint and saved reports')
    .argument('[path...]', 'files and folders; - is standard input')
    .option('--cluster', 'look at the cluster of the kubeconfig; --context and --namespace imply it', false)
    .option('--snapshot <file>', 'a saved snapshot in place of a cluster')
    .option('--url <url>', 'look at a running service')
    .option('--from-report <file>', 'a report that was saved with --report json=FILE; may be repeated', collect, [])
    .addHelpText(
      'after',
      `
Examples:
  qna-ready checklist . --cluster --url https://qna.example.com
  qna-ready checklist . --cluster -n platform --app qna
  qna-ready checklist --from-report validate.json --from-report audit.json
${EXIT_CODE_TABLE}`,
    )
    .action(
      async (paths: readonly string[], options: RawCommon & RawFiles & RawCluster & RawEndpoint & RawChecklist) => {
        const { checklist } = await import('../commands/checklist.ts');
        const { url, snapshot, ca } = options;
        const wantsCluster =
          options.cluster ||
          options.context.length > 0 ||
          options.namespace.length > 0 ||
          options.allNamespaces ||
          options.against.length > 0;
        const chosen = {
          ...common(options),
          ...filesChoice(options),
          paths,
          ...(wantsCluster ? { cluster: { ...clusterChoice(options), ...(ca === undefined ? {} : { ca }) } } : {}),
          ...(snapshot === undefined ? {} : { snapshot }),
          ...(url === undefined ? {} : { endpoint: endpointChoice(url, options) }),
          savedReports: options.fromReport,
        };
        // A look at a cluster tells itself how it goes.
        done(
          wantsCluster
            ? await checklist(chosen, worldFor(options, io))
            : await inWorld('Looking at what was given', options, io, (world, reading) =>
                checklist({ ...chosen, ...(reading === undefined ? {} : { reading }) }, world),
              ),
        );
      },
    );
}
