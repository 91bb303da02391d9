import type { Command } from 'commander';
import type { EndpointChoice } from '../commands/probe.ts';
import { collect, positive } from './values.ts';

export interface RawEndpoint
  extends Partial<
    Omit<EndpointChoice, 'url' | 'headers' | 'insecure' | 'resolve' | 'timeoutSeconds' | 'deadlineSeconds' | 'runs'>
  > {
  readonly header: readonly string[];
  readonly insecure: boolean;
  readonly resolve: readonly string[];
  readonly timeout: number;
  readonly deadline: number;
}

export function endpointOptions(command: Command): Command {
  return command
    .option('--live-path <path>', 'the liveness path')
    .option('--ready-path <path>', 'the readiness path')
    .option('--metrics-path <path>', 'the metrics path')
    .option(
      '--ask <request>',
      `a question to ask a few times, such as 'POST /v1/ask {"question": "…"}'; it may cost money`,
    )
    .option(
      '--header <header>',
      "a header for every request, such as 'Authorization: Bearer …'; may be repeated",
      collect,
      [],
    )
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
    .option('--deadline <seconds>', 'for all of them together', positive, 30);
}

export function endpointChoice(url: string, options: RawEndpoint): EndpointChoice {
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
