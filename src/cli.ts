import { Command, CommanderError, Option } from 'commander';
import type { Io } from './commands/io.ts';
import type { CommonOptions, FilesChoice, ReportTarget } from './commands/options.ts';
import type { EndpointChoice } from './commands/probe.ts';
import { VERSION } from './commands/version.ts';
import { SCHEMA_VERSIONS, type SchemaVersion } from './core/api-schemas.ts';
import { SEVERITIES, type Severity } from './core/check.ts';
import { reasonOf, UserError } from './core/errors.ts';
import { EXIT_CODES } from './core/report.ts';
import { REPORT_FORMATS, type ReportFormat } from './reporters/reporter.ts';

/** The program as a function: arguments and the world in, exit code out. It never ends the process. */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  let exitCode = 0;
  const program = buildProgram(io, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (error instanceof UserError) {
      io.stderr.write(`qna-ready: ${error.message}\n${error.hint === undefined ? '' : `  ${error.hint}\n`}`);
      return 2;
    }
    if (io.signal.aborted) {
      io.stderr.write('qna-ready: interrupted; nothing was decided.\n');
      return 2;
    }
    io.stderr.write(
      `qna-ready: this is a bug of qna-ready ${VERSION}: ${reasonOf(error)}\n${error instanceof Error ? `${error.stack}\n` : ''}`,
    );
    return 2;
  }
}

const EXIT_CODE_TABLE = `
Exit codes:
${EXIT_CODES.map(({ code, verdict, meaning }) => `  ${code}  ${verdict.padEnd(10)} ${meaning}`).join('\n')}`;

type Done = (exitCode: number) => void;

function buildProgram(io: Io, done: Done): Command {
  const program = new Command('qna-ready')
    .description('Makes an LLM question-answering service ready for production on Kubernetes, and proves that it is.')
    .version(VERSION, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      outputError: (text, write) => write(text.replace(/^error: /, 'qna-ready: ')),
      getOutHelpWidth: () => io.stdout.columns ?? 100,
      getErrHelpWidth: () => io.stderr.columns ?? 100,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .addHelpText(
      'after',
      `
Examples:
  qna-ready init --name qna --host qna.example.com    write the manifests
  qna-ready validate k8s/                             judge them, offline
  qna-ready audit --context staging -n qna            judge a live cluster
  qna-ready probe http://localhost:8080               judge a running service
  qna-ready checklist . --cluster --url https://qna.example.com
  qna-ready explain probes/readiness-probe            why, and how to mend it
${EXIT_CODE_TABLE}`,
    );
  // Sub-commands inherit the output and the override only when they are made by the program.
  addInit(program, io, done);
  addValidate(program, io, done);
  addAudit(program, io, done);
  addProbe(program, io, done);
  addChecklist(program, io, done);
  program
    .command('explain')
    .description(
      'tell why a check is made, what it looks at, how to mend and how to verify it; without a name, list all',
    )
    .argument('[check]', 'a check, a topic or an item: probes/budget, probes, 2.3')
    .action(async (name: string | undefined) => done(await (await import('./commands/explain.ts')).explain(name, io)));
  return program;
}

function addInit(program: Command, io: Io, done: Done): void {
  program
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
    .option('--color', 'colour although the output is no terminal')
    .option('--no-color', 'no colour')
    .addHelpText(
      'after',
      `
Examples:
  qna-ready init --name qna --host qna.example.com
  qna-ready init ./service --monitoring operator --dry-run
${EXIT_CODE_TABLE}`,
    )
    .action(async (dir: string, options) => {
      const { init } = await import('./commands/init.ts');
      done(await init({ ...options, dir }, io));
    });
}

function addValidate(program: Command, io: Io, done: Done): void {
  filesOptions(judging(program.command('validate')))
    .description('judge manifests, Dockerfiles and documents offline')
    .argument('<path...>', 'files, folders and patterns such as k8s/**/*.yaml; - is standard input')
    .option('--fix', 'mend what needs no decision, and judge what that makes', false)
    .option('--dry-run', 'with --fix: print the changes as a patch, and write nothing', false)
    .option('--watch', 'judge anew whenever a file changes', false)
    .addHelpText(
      'after',
      `
Examples:
  qna-ready validate k8s/ Dockerfile docs/
  qna-ready validate chart/ --helm-values values-prod.yaml --helm-namespace qna
  qna-ready validate . --only 4.1 --report json=report.json
  qna-ready validate k8s/ --kubernetes 1.36 --crds crds/
  qna-ready validate k8s/ --fix --dry-run
${EXIT_CODE_TABLE}`,
    )
    .action(async (paths: readonly string[], options: RawCommon & RawFiles & RawFixing) => {
      const { fix, dryRun, watch } = options;
      const { validate } = await import('./commands/validate.ts');
      done(await validate({ ...common(options), ...filesChoice(options), paths, fix, dryRun, watch }, io));
    });
}

function addAudit(program: Command, io: Io, done: Done): void {
  clusterOptions(judging(program.command('audit')))
    .description('judge a live cluster; reads only')
    .option('--save <file>', 'keep what was observed, without secrets, for a later --from')
    .option('--from <file>', 'judge a saved snapshot instead of a cluster')
    .option('--ca <file>', 'certificates to trust at the edge beside the usual ones, in PEM')
    .option('--print-rbac', 'print the roles that this audit needs, and ask nobody', false)
    .option('--timeout <seconds>', 'for one request', positive, 30)
    .option('--deadline <seconds>', 'for all of them together; what was not seen by then is unknown', positive, 120)
    .addHelpText(
      'after',
      `
Examples:
  qna-ready audit --context staging --namespace qna
  qna-ready audit -n qna --save snapshot.json
  qna-ready audit --context eu --context us -n qna
  qna-ready audit -n qna --connect-to qna.example.com:443:127.0.0.1:8443 --ca company.pem
  qna-ready audit -n qna --print-rbac | kubectl apply -f -
  qna-ready audit --from snapshot.json --only storage
${EXIT_CODE_TABLE}`,
    )
    .action(async (options: RawCommon & RawCluster & RawAudit) => {
      const { audit } = await import('./commands/audit.ts');
      const { save, from, ca, timeout, deadline, printRbac } = options;
      done(
        await audit(
          {
            ...common(options),
            ...clusterChoice(options),
            printRbac,
            timeoutSeconds: timeout,
            deadlineSeconds: deadline,
            ...(ca === undefined ? {} : { ca }),
            ...(save === undefined ? {} : { save }),
            ...(from === undefined ? {} : { from }),
          },
          io,
        ),
      );
    });
}

function addProbe(program: Command, io: Io, done: Done): void {
  endpointOptions(judging(program.command('probe')))
    .description('judge a running service from outside, with few requests')
    .argument('<url>', 'http://… or https://…')
    .addHelpText(
      'after',
      `
Examples:
  qna-ready probe http://localhost:8080
  qna-ready probe https://qna.example.com --ask 'POST /v1/ask {"question": "What is the refund policy?"}'
${EXIT_CODE_TABLE}`,
    )
    .action(async (url: string, options: RawCommon & RawEndpoint) => {
      const { probe } = await import('./commands/probe.ts');
      done(await probe({ ...common(options), ...endpointChoice(url, options) }, io));
    });
}

function addChecklist(program: Command, io: Io, done: Done): void {
  endpointOptions(clusterOptions(filesOptions(judging(program.command('checklist')))))
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
  qna-ready checklist --from-report validate.json --from-report audit.json
${EXIT_CODE_TABLE}`,
    )
    .action(
      async (paths: readonly string[], options: RawCommon & RawFiles & RawCluster & RawEndpoint & RawChecklist) => {
        const { checklist } = await import('./commands/checklist.ts');
        const { url, snapshot, ca } = options;
        const wantsCluster =
          options.cluster || options.context.length > 0 || options.namespace.length > 0 || options.allNamespaces;
        done(
          await checklist(
            {
              ...common(options),
              ...filesChoice(options),
              paths,
              ...(wantsCluster ? { cluster: { ...clusterChoice(options), ...(ca === undefined ? {} : { ca }) } } : {}),
              ...(snapshot === undefined ? {} : { snapshot }),
              ...(url === undefined ? {} : { endpoint: endpointChoice(url, options) }),
              savedReports: options.fromReport,
            },
            io,
          ),
        );
      },
    );
}

interface RawCommon {
  readonly only: readonly string[];
  readonly skip: readonly string[];
  readonly failOn: Severity;
  readonly allowUnknown: boolean;
  readonly report: readonly ReportTarget[];
  readonly config?: string;
  readonly baseline?: string;
  readonly verbose: boolean;
  readonly color: boolean | undefined;
}

interface RawFiles {
  readonly kubernetes?: SchemaVersion;
  readonly crds: readonly string[];
  readonly helmValues: readonly string[];
  readonly helmNamespace?: string;
}

interface RawFixing {
  readonly fix: boolean;
  readonly dryRun: boolean;
  readonly watch: boolean;
}

interface RawCluster {
  readonly kubeconfig?: string;
  readonly context: readonly string[];
  readonly namespace: readonly string[];
  readonly allNamespaces: boolean;
  readonly logsSince: string;
  readonly connectTo: readonly string[];
}

interface RawAudit {
  readonly ca?: string;
  readonly save?: string;
  readonly from?: string;
  readonly printRbac: boolean;
  readonly timeout: number;
  readonly deadline: number;
}

interface RawEndpoint
  extends Partial<
    Omit<EndpointChoice, 'url' | 'headers' | 'insecure' | 'resolve' | 'timeoutSeconds' | 'deadlineSeconds'>
  > {
  readonly header: readonly string[];
  readonly insecure: boolean;
  readonly resolve: readonly string[];
  readonly timeout: number;
  readonly deadline: number;
}

interface RawChecklist {
  readonly cluster: boolean;
  readonly snapshot?: string;
  readonly url?: string;
  readonly fromReport: readonly string[];
}

function judging(command: Command): Command {
  return command
    .option('--only <name>', 'run only this check, topic or item; may be repeated', collect, [])
    .option('--skip <name>', 'leave out this check, topic or item; may be repeated', collect, [])
    .addOption(
      new Option('--fail-on <severity>', 'the mildest failure that makes the exit code 1')
        .choices(SEVERITIES)
        .default('warning'),
    )
    .option('--allow-unknown', 'exit with 0 although something could not be seen', false)
    .option(
      '--report <format[=file]>',
      `${REPORT_FORMATS.join(', ')}; to stdout or to a file; may be repeated`,
      collectReport,
      [],
    )
    .option('--baseline <file>', 'an earlier report, saved with --report json=FILE: only failures that it lacks count')
    .option('--config <file>', 'the configuration (default: qna-ready.config.yaml, where it exists)')
    .option('-v, --verbose', 'also tell what passed and what does not apply', false)
    .option('--color', 'colour although the output is no terminal')
    .option('--no-color', 'no colour');
}

function filesOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--kubernetes <version>', 'the version whose API server the manifests are meant for')
        .choices(SCHEMA_VERSIONS)
        .default(SCHEMA_VERSIONS[0]),
    )
    .option('--crds <path>', 'a file or folder that defines custom resources; may be repeated', collect, [])
    .option('--helm-values <file>', 'values for the Helm charts among the files; may be repeated', collect, [])
    .option('--helm-namespace <name>', 'the namespace that the Helm charts will be installed in');
}

function clusterOptions(command: Command): Command {
  return command
    .option('--kubeconfig <file>', 'the kubeconfig (default: KUBECONFIG or ~/.kube/config)')
    .option(
      '--context <name>',
      'a context of the kubeconfig (default: its current one); may be repeated, for several clusters',
      collect,
      [],
    )
    .option('-n, --namespace <name>', "a namespace (default: the context's own); may be repeated", collect, [])
    .addOption(new Option('-A, --all-namespaces', 'every namespace').default(false).conflicts('namespace'))
    .option('--logs-since <duration>', 'judge the log lines of so long before now, such as 90s, 15m or 2h', '10m')
    .option(
      '--connect-to <host:port:address:port>',
      'connect to this address and port for that host and port of the edge, as curl does; may be repeated',
      collectWhole,
      [],
    );
}

function endpointOptions(command: Command): Command {
  return command
    .option('--live-path <path>', 'the liveness path')
    .option('--ready-path <path>', 'the readiness path')
    .option('--metrics-path <path>', 'the metrics path')
    .option('--ask <request>', `a question to ask, such as 'POST /v1/ask {"question": "…"}'; it may cost money`)
    .option(
      '--header <header>',
      "a header for every request, such as 'Authorization: Bearer …'; may be repeated",
      collect,
      [],
    )
    .option('--logs <file>', "the service's log lines, to be judged too")
    .option('--insecure', 'go on although the certificate is not trusted', false)
    .option('--ca <file>', 'certificates to trust beside the usual ones, in PEM')
    .option(
      '--resolve <host:address>',
      'connect to this address for that host, whatever the resolver says; may be repeated',
      collect,
      [],
    )
    .option('--timeout <seconds>', 'for one request', positive, 5)
    .option('--deadline <seconds>', 'for all of them together', positive, 30);
}

function common({
  only,
  skip,
  failOn,
  allowUnknown,
  report,
  config,
  baseline,
  verbose,
  color,
}: RawCommon): CommonOptions {
  return {
    only,
    skip,
    failOn,
    allowUnknown,
    reports: report.some(({ file }) => file === undefined) ? report : [{ format: 'text' }, ...report],
    ...(config === undefined ? {} : { config }),
    ...(baseline === undefined ? {} : { baseline }),
    verbose,
    ...(color === undefined ? {} : { color }),
  };
}

function filesChoice({ kubernetes, crds, helmValues, helmNamespace }: RawFiles): FilesChoice {
  return {
    ...(kubernetes === undefined ? {} : { kubernetes }),
    definitions: crds,
    charts: { values: helmValues, ...(helmNamespace === undefined ? {} : { namespace: helmNamespace }) },
  };
}

function clusterChoice({ kubeconfig, context, namespace, allNamespaces, logsSince, connectTo }: RawCluster) {
  return {
    logsSince,
    connectTo,
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
    contexts: context,
    namespaces: allNamespaces ? ('all' as const) : namespace,
  };
}

function endpointChoice(url: string, options: RawEndpoint): EndpointChoice {
  const { header, insecure, ca, resolve, timeout, deadline, livePath, readyPath, metricsPath, ask, logs } = options;
  return {
    url,
    headers: header,
    insecure,
    resolve,
    timeoutSeconds: timeout,
    deadlineSeconds: deadline,
    ...(ca === undefined ? {} : { ca }),
    ...(livePath === undefined ? {} : { livePath }),
    ...(readyPath === undefined ? {} : { readyPath }),
    ...(metricsPath === undefined ? {} : { metricsPath }),
    ...(ask === undefined ? {} : { ask }),
    ...(logs === undefined ? {} : { logs }),
  };
}

function collect(value: string, previous: readonly string[]): readonly string[] {
  return [...previous, ...value.split(',').filter((part) => part !== '')];
}

function collectWhole(value: string, previous: readonly string[]): readonly string[] {
  return [...previous, value];
}

function collectReport(value: string, previous: readonly ReportTarget[]): readonly ReportTarget[] {
  const [format = '', ...rest] = value.split('=');
  if (!REPORT_FORMATS.includes(format as ReportFormat))
    throw new UserError(`There is no report format ${format}.`, {
      hint: `Choose one of: ${REPORT_FORMATS.join(', ')}.`,
    });
  const file = rest.join('=');
  const toStdout = previous.filter((target) => target.file === undefined);
  if (file === '' && toStdout.length > 0)
    throw new UserError('Two reports would be mixed on standard output.', {
      hint: 'Give one of them a file: --report json=FILE.',
    });
  return [...previous, { format: format as ReportFormat, ...(file === '' ? {} : { file }) }];
}

function positive(value: string): number {
  const number = Number(value);
  if (!Number.isFinite(number) || number <= 0) throw new UserError(`${value} is not a number above zero.`);
  return number;
}
