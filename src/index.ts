import type { JudgingOptions } from './commands/judging-options.ts';
import { judgeQuietly } from './commands/quietly.ts';
import type { SchemaVersion } from './core/api-schemas.ts';
import { UserError } from './core/errors.ts';
import type { Report } from './core/report.ts';

export type { JudgingOptions } from './commands/judging-options.ts';
export type { SchemaVersion } from './core/api-schemas.ts';
export type { Outcome, Severity } from './core/check.ts';
export type { ItemState } from './core/checklist.ts';
export type { FactName, SourceName } from './core/facts.ts';
export type { Location } from './core/location.ts';
export type {
  ExitCode,
  Report,
  ReportApplication,
  ReportFinding,
  ReportItem,
  ReportRole,
  ReportSource,
  ReportSummary,
  ReportVerdict,
} from './core/report.ts';
export type { Timeline } from './core/timeline.ts';
export { UserError };

/** How manifests, Dockerfiles and documents are read. */
export interface FilesOptions {
  /** The version whose API server the objects are meant for; the newest that is known where absent. */
  readonly kubernetes?: SchemaVersion;
  /** Files and folders that define custom resources. */
  readonly crds?: readonly string[];
  /** How the Helm charts among the files are rendered: files of values, and the namespace of the release. */
  readonly helm?: { readonly values?: readonly string[]; readonly namespace?: string };
}

/** Which cluster is looked at, and how long. */
export interface ClusterOptions {
  /** The kubeconfig; KUBECONFIG of `env`, or the one of the home folder, where absent. */
  readonly kubeconfig?: string;
  /** Contexts of the kubeconfig; its current one where absent. Of several, each is a source of the report. */
  readonly contexts?: readonly string[];
  /** Namespaces, or all of them; the context's own where absent. */
  readonly namespaces?: readonly string[] | 'all';
  /** Files that say what should be there: the report tells what differs. */
  readonly against?: readonly string[];
  /** The log lines of so many seconds before now are judged; 600 where absent. */
  readonly logsSinceSeconds?: number;
  /** A file with certificates to trust at the edge beside the usual ones, in PEM. */
  readonly ca?: string;
  /** For one request; 30 s where absent. */
  readonly timeoutMs?: number;
  /** For all of them together; 120 s where absent. What was not seen by then is unknown. */
  readonly deadlineMs?: number;
}

/** How a running service is asked. */
export interface EndpointOptions {
  /** The paths as the service declares them; the configuration's, and common ones, where absent. */
  readonly paths?: { readonly live?: string; readonly ready?: string; readonly metrics?: string };
  /** Where the metrics are, when not below the URL. */
  readonly metricsUrl?: string;
  /** Sent with every request to the service, and to no other host. */
  readonly headers?: Readonly<Record<string, string>>;
  /** A question to ask a few times. It may cost money, so none is asked unless it is given. */
  readonly ask?: { readonly method: string; readonly path: string; readonly body?: string };
  /** A file with the service's log lines, to be judged too. */
  readonly logs?: string;
  /** Asks over HTTP/2 where the server speaks it. */
  readonly http2?: boolean;
  /** Goes on although the certificate is not trusted; the handshake is judged all the same. */
  readonly insecure?: boolean;
  /** A file with certificates to trust beside the usual ones, in PEM. */
  readonly ca?: string;
  /** For one request; 5 s where absent. */
  readonly timeoutMs?: number;
  /** For all of them together; 30 s where absent. */
  readonly deadlineMs?: number;
}

export interface ValidateOptions extends JudgingOptions, FilesOptions {}

export interface AuditOptions extends JudgingOptions, ClusterOptions {
  /** A file that `qna-ready audit --save` wrote, to judge instead of a cluster. */
  readonly from?: string;
  /** Keeps what was observed in this file, without secrets; compressed where its name ends in .gz. */
  readonly save?: string;
}

export interface ProbeOptions extends JudgingOptions, EndpointOptions {}

export interface ChecklistOptions extends JudgingOptions, FilesOptions {
  /** Files, folders and patterns. */
  readonly paths?: readonly string[];
  readonly cluster?: ClusterOptions;
  /** A saved snapshot in place of a cluster. */
  readonly snapshot?: string;
  readonly endpoint?: EndpointOptions & { readonly url: string };
  /** Files of reports that earlier runs wrote as JSON. */
  readonly savedReports?: readonly string[];
}

/**
 * Judges manifests, Dockerfiles and documents: files, folders and patterns such as `k8s/**`. It opens no socket. Rejects with
 * UserError for what a person can mend, such as a path that is not there.
 */
export function validate(paths: string | readonly string[], options: ValidateOptions = {}): Promise<Report> {
  return judgeQuietly(options, async (common, io) => {
    const { judgeFiles } = await import('./commands/validate.ts');
    return judgeFiles({ ...common, ...filesOf(options), paths: typeof paths === 'string' ? [paths] : paths }, io);
  });
}

/** Judges a live cluster, or a saved snapshot of one. It reads, and changes nothing in it. Rejects with UserError as `validate` does. */
export function audit(options: AuditOptions = {}): Promise<Report> {
  return judgeQuietly(options, async (common, io) => {
    const { judgeCluster } = await import('./commands/audit.ts');
    const { from, save } = options;
    return judgeCluster({ ...common, ...clusterOf(options), ...present({ from, save }) }, io);
  });
}

/**
 * Judges running services from outside, each with at most 50 requests that change nothing. Several URLs are replicas, or services
 * of one kind. Rejects with UserError where none can be reached.
 */
export function probe(urls: string | readonly string[], options: ProbeOptions = {}): Promise<Report> {
  return judgeQuietly(options, async (common, io) => {
    const { judgeEndpoints } = await import('./commands/probe.ts');
    const all = typeof urls === 'string' ? [urls] : urls;
    if (all.length === 0)
      throw new UserError('There is nothing to probe.', { hint: 'Give a URL such as http://127.0.0.1:8080.' });
    return judgeEndpoints({ ...common, endpoints: all.map((url) => ({ url, ...endpointOf(options) })) }, io);
  });
}

/** The whole review: every item with its state and evidence, from any mix of files, cluster, endpoint and saved reports. */
export function checklist(options: ChecklistOptions = {}): Promise<Report> {
  return judgeQuietly(options, async (common, io) => {
    const { judgeAll } = await import('./commands/checklist.ts');
    const { paths = [], cluster, snapshot, endpoint, savedReports = [] } = options;
    return judgeAll(
      {
        ...common,
        ...filesOf(options),
        paths,
        savedReports,
        ...present({
          snapshot,
          cluster: cluster === undefined ? undefined : clusterOf(cluster),
          endpoint: endpoint === undefined ? undefined : { url: endpoint.url, ...endpointOf(endpoint) },
        }),
      },
      io,
    );
  });
}

function filesOf({ kubernetes, crds = [], helm = {} }: FilesOptions) {
  const { values = [], namespace } = helm;
  return { ...present({ kubernetes }), definitions: crds, charts: { values, ...present({ namespace }) } };
}

function clusterOf({ contexts = [], namespaces = [], against, ...options }: ClusterOptions) {
  const { kubeconfig, ca, logsSinceSeconds = 600, timeoutMs = 30_000, deadlineMs } = options;
  return {
    contexts,
    namespaces,
    logsSince: `${logsSinceSeconds}s`,
    timeoutSeconds: timeoutMs / 1000,
    ...present({
      kubeconfig,
      ca,
      deadlineSeconds: deadlineMs === undefined ? undefined : deadlineMs / 1000,
      against: against === undefined ? undefined : { paths: against, charts: { values: [] } },
    }),
  };
}

function endpointOf({ paths = {}, headers = {}, insecure = false, http2 = false, ...options }: EndpointOptions) {
  const { metricsUrl, ask, logs, ca, timeoutMs = 5000, deadlineMs = 30_000 } = options;
  return {
    headers,
    insecure,
    http2,
    resolve: [],
    timeoutSeconds: timeoutMs / 1000,
    deadlineSeconds: deadlineMs / 1000,
    ...present({ livePath: paths.live, readyPath: paths.ready, metricsPath: paths.metrics }),
    ...present({ metricsUrl, ask, logs, ca }),
  };
}

/** The fields that hold something: what is absent and what is undefined are one to a caller, and two to the types within. */
function present<T extends object>(fields: T): { [Name in keyof T]?: Exclude<T[Name], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [Name in keyof T]?: Exclude<T[Name], undefined>;
  };
}
