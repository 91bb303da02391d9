import type { Command } from 'commander';
import type { EndpointChoice } from '../commands/probe.ts';
import { collect, positive } from './values.ts';

export interface RawEndpoint
  extends Partial<
    Omit<
      EndpointChoice,
      'url' | 'headers' | 'insecure' | 'http2' | 'resolve' | 'timeoutSeconds' | 'deadlineSeconds' | 'runs'
    >
  > {
  readonly header: readonly string[];
  readonly insecure: boolean;
  readonly http2: boolean;
  readonly resolve: readonly string[];
  readonly timeout: number;
  readonly deadline: number;
}

export function endpointOptions(command: Command): Command {
  return command
    .optionsGroup('Requests:')
    .option('--live-path <path>', 'the liveness path')
    .option('--ready-path <path>', 'the readiness path')
    .option('--metrics-path <path>', 'the metrics path')
    .option(
      '--metrics-url <url>',
      'the metrics, where they are on another port or host; no credential is sent to another',
    )
    .option(
      '--ask <request>',
      `a question to ask a few times, such as 'POST /v1/ask {"question": "…"}', or its path only; it may cost money, and bodies that are too large or too slow are tried too`,
    )
    .option(
      '--header <header>',
      "a header for every request, such as 'Authorization: Bearer …'; may be repeated",
      collect,
      [],
    )
    .option('--bearer-env <name>', 'the environment variable that holds the token for Authorization: Bearer')
    .option('--http2', 'ask over HTTP/2 where the server speaks it', false)
    .option(
      '--logs <file>',
      "the service's log lines, to be judged too, and those of our own requests found; - is standard input",
    )
    .option('--insecure', 'go on although the certificate is not trusted', false)
    .option('--ca <file>', 'certificates to trust beside the usual ones, in PEM')
    .option(
      '--resolve <host:address>',
      'connect to this address for that host, whatever the resolver says; may be repeated',
      collect,
      [],
    )
    .option('--timeout <seconds>', 'for one request', positive, 5)
    .option('--deadline <seconds>', 'for all of them together', positive, 30)
    .optionsGroup('');
}

export function endpointChoice(url: string, options: RawEndpoint): EndpointChoice {
  const { header, insecure, http2, ca, resolve, timeout, deadline, livePath, readyPath, ask, logs } = options;
  const { metricsPath, metricsUrl, bearerEnv } = options;
  return {
    url,
    headers: header,
    insecure,
    http2,
    resolve,
    timeoutSeconds: timeout,
    deadlineSeconds: deadline,
    ...(ca === undefined ? {} : { ca }),
    ...(livePath === undefined ? {} : { livePath }),
    ...(readyPath === undefined ? {} : { readyPath }),
    ...(metricsPath === undefined ? {} : { metricsPath }),
    ...(metricsUrl === undefined ? {} : { metricsUrl }),
    ...(bearerEnv === undefined ? {} : { bearerEnv }),
    ...(ask === undefined ? {} : { ask }),
    ...(logs === undefined ? {} : { logs }),
  };
}
