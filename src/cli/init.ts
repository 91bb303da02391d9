import { type Command, Option } from 'commander';
import type { Io } from '../commands/io.ts';
import { colorChoice, colorOptions } from './color-options.ts';
import { type Done, EXIT_CODE_TABLE } from './exit-codes.ts';
import { collectWhole, positive } from './values.ts';

export function addInit(program: Command, io: Io, done: Done): void {
  const command = program
    .command('init')
    .description('write the manifests, the documents and the configuration of a service that is ready')
    .argument('[dir]', 'the folder of the project', '.')
    .option('--name <name>', 'the name of the service')
    .option('--namespace <namespace>', 'the namespace that it runs in')
    .option('--host <host>', 'the host name that people reach it by')
    .option('--image <image>', 'its image, with a tag or a digest')
    .option('--port <port>', 'the port that it listens on', positive)
    .option('--storage-size <quantity>', 'the size of the database volume')
    .option('--ingress-class <class>', 'the class of the ingress controller')
    .option('--cluster-issuer <name>', "cert-manager's ClusterIssuer")
    .addOption(new Option('--monitoring <kind>', 'how metrics are scraped').choices(['annotations', 'operator']))
    .option('--set <key=value>', 'any other answer; may be repeated', collectWhole, [])
    .option('--answers <file>', 'answers from a YAML file')
    .option('--yes', 'take the defaults for everything that is not given', false)
    .option('--dry-run', 'show what would be written, file by file with its differences, and write nothing', false)
    .option('--cluster', 'take the version and the classes of the current cluster for defaults; reads only', false)
    .option('--context <name>', 'the same of this context of the kubeconfig')
    .option('--kubeconfig <file>', 'the same by this kubeconfig (default: KUBECONFIG or ~/.kube/config)')
    .option('--adopt', 'add to manifests that are there, and only what the checklist lacks', false)
    .option('--json', 'tell it as JSON', false)
    .addHelpText(
      'after',
      `
Examples:
  qna-ready init --name qna --host qna.example.com
  qna-ready init ./service --monitoring operator --dry-run
${EXIT_CODE_TABLE}`,
    )
    .action(async (dir: string, { color, ...options }) => {
      const { init } = await import('../commands/init.ts');
      done(await init({ ...options, ...colorChoice({ color }), dir }, io));
    });
  colorOptions(command);
}
