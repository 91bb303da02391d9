import { isIP } from 'node:net';
import { resolve } from 'node:path';
import type { Check } from '../core/check.ts';
import { UserError } from '../core/errors.ts';
import type { Snapshot } from '../core/facts.ts';
import { checksFor } from '../core/run-checks.ts';
import type { Settings } from '../core/settings.ts';
import { ENDPOINT_FACTS, endpointSource } from '../sources/endpoint/endpoint-source.ts';
import { fileCapture, streamCapture } from '../sources/endpoint/log-captures.ts';
import type { Question } from '../sources/endpoint/observe-activity.ts';
import { isRefusedAddress } from '../sources/http/refused-addresses.ts';
import { type PodChoice, withForwardedPods } from './forward-pods.ts';
import type { Io } from './io.ts';
import { chosenChecks, conclude, type Judged, judgeRun, observe } from './judge.ts';
import { observeEndpoints } from './observe-endpoints.ts';
import type { CommonOptions } from './options.ts';
import { readPolicy } from './policy.ts';
import type { EveryChoice } from './probe-every.ts';
import { type RunChoice, refuseUnasked, runsOf } from './run-choice.ts';
import { readAuthorities } from './way-to-edge.ts';

export interface EndpointChoice {
  readonly url: string;
  /** What it is called, where the URL is a way to it and not its name. */
  readonly shown?: string;
  readonly livePath?: string;
  readonly readyPath?: string;
  readonly metricsPath?: string;
  /** `POST /v1/ask {"question": "…"}`: a question that may cost money, so it is only asked on request. */
  readonly ask?: string | Question;
  /** Where the metrics are, when not below the URL. */
  readonly metricsUrl?: string;
  /** `Name: value`, or the value of each name. */
  readonly headers: readonly string[] | Readonly<Record<string, string>>;
  /** The environment variable that holds a bearer token. */
  readonly bearerEnv?: string;
  readonly insecure: boolean;
  readonly http2: boolean;
  /** A file with certificates to trust beside the usual ones, in PEM. */
  readonly ca?: string;
  /** `HOST:ADDRESS`. */
  readonly resolve: readonly string[];
  readonly timeoutSeconds: number;
  readonly deadlineSeconds: number;
  /** A file with the service's log lines; `-` is standard input. */
  readonly logs?: string;
  /** What is done to the service on purpose. */
  readonly runs?: RunChoice;
}

export interface EndpointsQuestion extends CommonOptions {
  readonly endpoints: readonly EndpointChoice[];
}

export interface ProbeOptions extends EndpointsQuestion {
  readonly pods: PodChoice;
  /** Look again and again. */
  readonly every?: EveryChoice;
}

/** Judges running services from outside, each with a bounded number of requests. */
export async function probe(options: ProbeOptions, io: Io): Promise<number> {
  const startedAt = io.now();
  const { endpoints, pods } = options;
  const [any] = [...endpoints, ...pods.addresses.map(() => pods.choiceOf('http://pod'))];
  const { policy, checks } = await readQuestion(options, any, io);
  return withForwardedPods(pods, io, async (forwarded) => {
    const choices = [...endpoints, ...forwarded];
    const look = () =>
      observeEndpoints(choices, checks, (choice) => observeEndpoint(choice, checks, policy.settings, io));
    if (options.every !== undefined) {
      const { probeEvery } = await import('./probe-every.ts');
      return probeEvery(options, options.every, { checks, policy, choices, look }, io);
    }
    return conclude({ command: 'probe', checks, snapshots: await look(), startedAt }, options, policy, io);
  });
}

/** What running services are worth, told to nobody. */
export async function judgeEndpoints(options: EndpointsQuestion, io: Io): Promise<Judged> {
  const startedAt = io.now();
  const { policy, checks } = await readQuestion(options, options.endpoints[0], io);
  const snapshots = await observeEndpoints(options.endpoints, checks, (choice) =>
    observeEndpoint(choice, checks, policy.settings, io),
  );
  return judgeRun({ command: 'probe', checks, snapshots, startedAt }, options, policy);
}

/** All that a person said, read before anything is asked; what is done on purpose is the same for `any` of the endpoints. */
async function readQuestion(options: CommonOptions, any: EndpointChoice | undefined, io: Io) {
  const policy = await readPolicy(options, [io.cwd], io);
  const checks = chosenChecks(options);
  refuseUnasked(checksFor(checks, { name: 'endpoint', provides: ENDPOINT_FACTS }), {
    ...any?.runs,
    ...(any?.ask === undefined ? {} : { question: true }),
  });
  return { policy, checks };
}

/** Observes the service behind a URL. Paths that a person gives overrule the configured ones. */
export function observeEndpoint(
  choice: EndpointChoice,
  checks: readonly Check[],
  settings: Settings,
  io: Io,
): Promise<Snapshot> {
  const { logs, ca, metricsUrl } = choice;
  const { paths } = settings;
  const asks = choice.ask !== undefined;
  const runs = runsOf(choice.runs ?? {}, asks, settings, parseQuestion, (text) =>
    io.stderr.write(`${text.trimEnd()}\n`),
  );
  const source = endpointSource({
    url: choice.url,
    ...(choice.shown === undefined ? {} : { shown: choice.shown }),
    paths: {
      live: choice.livePath ?? paths.live,
      ready: choice.readyPath ?? paths.ready,
      metrics: choice.metricsPath ?? paths.metrics,
    },
    ...(choice.ask === undefined
      ? {}
      : { ask: typeof choice.ask === 'string' ? parseQuestion(choice.ask) : choice.ask }),
    headers: withBearer(parseHeaders(linesOf(choice.headers)), choice.bearerEnv, io),
    insecure: choice.insecure,
    http2: choice.http2,
    ...(metricsUrl === undefined ? {} : { metricsUrl }),
    ...(ca === undefined ? {} : { ca: readAuthorities(ca, io) }),
    resolve: parsePinned(choice.resolve),
    timeoutMs: choice.timeoutSeconds * 1000,
    deadlineMs: choice.deadlineSeconds * 1000,
    runs,
    ...(logs === undefined
      ? {}
      : {
          logs: logs === '-' ? streamCapture('(standard input)', io.stdin) : fileCapture(logs, resolve(io.cwd, logs)),
        }),
  });
  return observe(source, checks, io.signal);
}

const GUESSED_BODY = JSON.stringify({ question: 'What can you help me with?' });

function linesOf(headers: EndpointChoice['headers']): readonly string[] {
  return isLines(headers) ? headers : Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
}

function isLines(headers: EndpointChoice['headers']): headers is readonly string[] {
  return Array.isArray(headers);
}

function parseHeaders(headers: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    headers.map((header) => {
      const match = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):\s*(.*)$/.exec(header);
      // The header itself is not repeated: it may hold a credential.
      if (match?.[1] === undefined || match[2] === undefined)
        throw new UserError('A --header is not of the form Name: value.', {
          hint: "Write it as: --header 'Name: value'.",
        });
      return [match[1].toLowerCase(), match[2]];
    }),
  );
}

/** The token itself is in no argument, so that no list of processes and no history of a shell shows it. */
function withBearer(
  headers: Readonly<Record<string, string>>,
  name: string | undefined,
  { env }: Io,
): Readonly<Record<string, string>> {
  if (name === undefined) return headers;
  const token = env[name]?.trim() ?? '';
  if (token === '')
    throw new UserError(`The environment variable ${name} is ${env[name] === undefined ? 'not set' : 'empty'}.`, {
      hint: `Put the token into ${name}, or name another variable with --bearer-env.`,
    });
  if (!/^[\x21-\x7e]+$/.test(token))
    throw new UserError(`The environment variable ${name} holds something that is no token.`, {
      hint: 'A bearer token has no spaces and no line breaks.',
    });
  if (headers.authorization !== undefined)
    throw new UserError('--bearer-env and --header Authorization both say who asks.', { hint: 'Give one of them.' });
  return { ...headers, authorization: `Bearer ${token}` };
}

function parsePinned(pairs: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const [, host, address = ''] = /^([^:\s]+):\[?([0-9a-fA-F.:]+)\]?$/.exec(pair) ?? [];
      if (host === undefined || isIP(address) === 0)
        throw new UserError(`--resolve ${pair} is not of the form HOST:ADDRESS.`, {
          hint: 'Write it as: --resolve qna.example.com:10.0.0.7.',
        });
      if (isRefusedAddress(address))
        throw new UserError(`${address} is a link-local or metadata address, which is never asked.`, {
          hint: 'Give the address of the service itself.',
        });
      return [host.toLowerCase(), address];
    }),
  );
}

function parseQuestion(text: string): Question {
  const match = /^(?:([A-Z]+)\s+)?(\/\S*)(?:\s+([\s\S]+))?$/.exec(text.trim());
  if (match?.[2] === undefined)
    throw new UserError('--ask is not of the form METHOD /path BODY.', {
      hint: `Write it as: --ask 'POST /v1/ask {"question": "…"}'.`,
    });
  const [, method = 'POST', path, body] = match;
  if (body !== undefined) return { method, path, body };
  // A question without a question would only be refused.
  return method === 'POST' ? { method, path, body: GUESSED_BODY, guessed: true } : { method, path };
}
