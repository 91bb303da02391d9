import type { Command } from 'commander';
import { parseDuration } from '../commands/duration.ts';
import type { EveryChoice } from '../commands/probe-every.ts';
import type { RunChoice } from '../commands/run-choice.ts';
import { parseListen } from '../commands/serve-metrics.ts';
import { UserError } from '../core/errors.ts';
import { positive } from './values.ts';

/** What `probe` does to a service on purpose, as commander gives it. */
export interface RawRuns {
  readonly outageCommand?: string;
  readonly recoverCommand?: string;
  readonly outageHold: number;
  readonly outageBound: number;
  readonly drainPid?: number;
  readonly drainCommand?: string;
  readonly grace: number;
  readonly load?: number;
  readonly loadDuration: number;
  readonly loadRequest?: string;
  readonly loadUnbounded: boolean;
  readonly every?: number;
  readonly listen?: string;
}

/** The most of a load that nobody has said to be unbounded. */
const MOST_PER_SECOND = 50;
const LONGEST_LOAD_SECONDS = 60;
/** The kubelet takes a Pod out after three failed probes, ten seconds apart. */
const REMOVAL_SECONDS = 30;

export function runOptions(command: Command): Command {
  return command
    .optionsGroup('Done to the service on purpose, or again and again:')
    .option('--outage-command <command>', 'take a dependency away by this line of sh, and watch the health endpoints')
    .option('--recover-command <command>', 'give it back by this one, which is run whatever happens')
    .option('--outage-hold <seconds>', 'how long the outage lasts after readiness has said no', positive, 3)
    .option('--outage-bound <seconds>', 'how long readiness may take to turn, each way', positive, REMOVAL_SECONDS)
    .option('--drain-pid <pid>', 'send SIGTERM to this process of the service at the end, and watch it stop', processId)
    .option('--drain-command <command>', 'order the service to stop by this line of sh at the end, and watch it stop')
    .option('--grace <seconds>', 'how long the service may take to stop', positive, 30)
    .option('--load <rate>', 'send so many requests a second, and time them', positive)
    .option('--load-duration <seconds>', 'for so long', positive, 10)
    .option('--load-request <request>', "what is sent, such as 'GET /v1/ask'; the readiness endpoint unless given")
    .option('--load-unbounded', `allow more than ${MOST_PER_SECOND} a second, or ${LONGEST_LOAD_SECONDS} s`, false)
    .option('--every <duration>', 'look again and again, such as every 30s, and serve the latest result', (text) =>
      parseDuration('--every', text),
    )
    .option('--listen <address>', 'where it is served for Prometheus (default: a free port of 127.0.0.1, /metrics)')
    .optionsGroup('');
}

export function runChoice(options: RawRuns): RunChoice {
  const { outageCommand, recoverCommand, drainPid, drainCommand, load, loadDuration, loadRequest } = options;
  if ((outageCommand === undefined) !== (recoverCommand === undefined))
    throw new UserError('--outage-command and --recover-command are given together.', {
      hint: 'What is taken away must be given back: say how.',
    });
  if (drainPid !== undefined && drainCommand !== undefined)
    throw new UserError('--drain-pid and --drain-command are two ways to one end.', { hint: 'Take one of them away.' });
  if (load === undefined && loadRequest !== undefined)
    throw new UserError('--load-request says what is sent, and --load is missing.', {
      hint: 'Say how often: --load 10.',
    });
  if (!options.loadUnbounded && load !== undefined && (load > MOST_PER_SECOND || loadDuration > LONGEST_LOAD_SECONDS))
    throw new UserError(
      `A load of more than ${MOST_PER_SECOND} requests a second, or of more than ${LONGEST_LOAD_SECONDS} s, can do harm.`,
      { hint: 'Ask for less, or add --load-unbounded where nobody else uses the service.' },
    );
  return {
    ...(outageCommand === undefined || recoverCommand === undefined
      ? {}
      : {
          outage: {
            command: outageCommand,
            recover: recoverCommand,
            holdMs: options.outageHold * 1000,
            boundMs: options.outageBound * 1000,
          },
        }),
    ...(drainPid === undefined ? {} : { drain: { order: { pid: drainPid }, graceMs: options.grace * 1000 } }),
    ...(drainCommand === undefined
      ? {}
      : { drain: { order: { command: drainCommand }, graceMs: options.grace * 1000 } }),
    ...(load === undefined
      ? {}
      : {
          load: {
            ratePerSecond: load,
            durationMs: loadDuration * 1000,
            ...(loadRequest === undefined ? {} : { request: loadRequest }),
          },
        }),
  };
}

export function everyChoice({ every, listen }: RawRuns): { readonly every?: EveryChoice } {
  if (every === undefined && listen !== undefined)
    throw new UserError('--listen serves what --every looks at, and --every is missing.', {
      hint: 'Say how often to look: --every 30s.',
    });
  return every === undefined
    ? {}
    : { every: { everySeconds: every, listen: parseListen(listen ?? '127.0.0.1:0/metrics') } };
}

function processId(value: string): number {
  const pid = Number(value);
  // 0 and below are groups of processes, our own among them; 1 is the machine.
  if (!Number.isInteger(pid) || pid <= 1 || pid === process.pid)
    throw new UserError(`${value} is not the number of a process that may be stopped.`, {
      hint: 'Give the process of the service, such as --drain-pid $(pgrep -f server.js); inside a container, where it is 1, --drain-command "kill 1".',
    });
  return pid;
}
