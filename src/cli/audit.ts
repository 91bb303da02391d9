import type { Command } from 'commander';
import type { Io } from '../commands/io.ts';
import { clusterChoice, clusterOptions, type RawCluster } from './cluster-options.ts';
import { type Done, EXIT_CODE_TABLE } from './exit-codes.ts';
import { chartOptions, type RawCharts } from './files-options.ts';
import { choosing, common, judging, type RawCommon } from './judging-options.ts';
import { positive } from './values.ts';
import { worldFor } from './world.ts';

interface RawAudit {
  readonly ca?: string;
  readonly save?: string;
  readonly from?: string;
  readonly printRbac: boolean;
  readonly watch: boolean;
  readonly timeout: number;
  readonly deadline?: number;
}

export function addAudit(program: Command, io: Io, done: Done): void {
  chartOptions(clusterOptions(choosing(judging(program.command('audit')))))
    .description('judge a live cluster; changes nothing in it')
    .option(
      '--save <file>',
      'keep what was observed, without secrets, for a later --from; compressed where it ends in .gz',
    )
    .option('--from <file>', 'judge a saved snapshot instead of a cluster')
    .option('--ca <file>', 'certificates to trust at the edge beside the usual ones, in PEM')
    .option('--watch', 'follow a rollout: judge anew whenever something changes, until all is ready', false)
    .option('--print-rbac', 'print the roles that this audit needs, and ask nobody', false)
    .option('--timeout <seconds>', 'for one request', positive, 30)
    .option(
      '--deadline <seconds>',
      'for all of them together; what was not seen by then is unknown (default: 120, with --watch 600)',
      positive,
    )
    .addHelpText(
      'after',
      `
Examples:
  qna-ready audit --context staging --namespace qna
  qna-ready audit -n qna --save snapshot.json.gz
  qna-ready audit -n qna --watch --deadline 300
  qna-ready audit --context eu --context us -n qna
  qna-ready audit -n qna --connect-to qna.example.com:443:127.0.0.1:8443 --ca company.pem
  qna-ready audit -n qna --print-rbac | kubectl apply -f -
  qna-ready audit -n qna --against k8s/
  qna-ready audit --from snapshot.json.gz --only storage
  qna-ready audit -A --app qna
  qna-ready audit -n platform --selector 'team=search,tier in (web,worker)'
${EXIT_CODE_TABLE}`,
    )
    .action(async (options: RawCommon & RawCluster & RawCharts & RawAudit) => {
      const { audit } = await import('../commands/audit.ts');
      const { save, from, ca, timeout, deadline, printRbac, watch } = options;
      done(
        await audit(
          {
            ...common(options),
            ...clusterChoice(options),
            printRbac,
            watch,
            timeoutSeconds: timeout,
            ...(deadline === undefined ? {} : { deadlineSeconds: deadline }),
            ...(ca === undefined ? {} : { ca }),
            ...(save === undefined ? {} : { save }),
            ...(from === undefined ? {} : { from }),
          },
          worldFor(options, io),
        ),
      );
    });
}
