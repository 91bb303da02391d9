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
import type { Io } from './io.ts';
import { chosenChecks, conclude, observe } from './judge.ts';
import type { CommonOptions } from './options.ts';
import { readPolicy } from './policy.ts';
import type { EveryChoice } from './probe-every.ts';
import { type RunChoice, refuseUnasked, runsOf } from './run-choice.ts';
import { readAuthorities } from './way-to-edge.ts';

export interface EndpointChoice {
  readonly url: string;
  readonly livePath?: string;
  readonly readyPath?: string;
  readonly metricsPath?: string;
  /** `POST /v1/ask {"question": "…"}`: a question that may cost money, so it is only asked on request. */
  readonly ask?: string;
  /** `Name: value`. */
  readonly headers: readonly string[];
  readonly insecure: boolean;
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

export interface ProbeOptions extends CommonOptions, EndpointChoice {
  /** Look again and again. */
  readonly every?: EveryChoice;
}

/** Judges a running service from outside, with a bounded number of requests. */
export async function probe(options: ProbeOptions, io: Io): Promise<number> {
  const startedAt = io.now();
  const policy = await readPolicy(options, [io.cwd], io);
  const checks = chosenChecks(options);
  refuseUnasked(checksFor(checks, { name: 'endpoint', provides: ENDPOINT_FACTS }), {
    ...options.runs,
    ...(options.ask === undefined ? {} : { question: true }),
  });
  const look = async () => [await observeEndpoint(options, checks, policy.settings, io)];
  if (options.every !== undefined) {
    const { probeEvery } = await import('./probe-every.ts');
    return probeEvery(options, options.every, { checks, policy, look }, io);
  }
  return conclude({ command: 'probe', checks, snapshots: await look(), startedAt }, options, policy, io);
}

/** Observes the service behind a URL. Paths that a person gives overrule the configured ones. */
export function observeEndpoint(
  choice: EndpointChoice,
  checks: readonly Check[],
  settings: Settings,
  io: Io,
): Promise<Snapshot> {
  const { logs, ca } = choice;
  const { paths } = settings;
  const asks = choice.ask !== undefined;
  const runs = runsOf(choice.runs ?? {}, asks, settings, parseQuestion, (text) =>
    io.stderr.write(`${text.trimEnd()}\n`),
  );
  const source = endpointSource({
    url: choice.url,
    paths: {
      live: choice.livePath ?? paths.live,
      ready: choice.readyPath ?? paths.ready,
      metrics: choice.metricsPath ?? paths.metrics,
    },
    ...(choice.ask === undefined ? {} : { ask: parseQuestion(choice.ask) }),
    headers: parseHeaders(choice.headers),
    insecure: choice.insecure,
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
  return { method, path, ...(body === undefined ? {} : { body }) };
}
