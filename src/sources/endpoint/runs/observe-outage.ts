import type { CommandRun, OutageRun } from '../../../core/run-facts.ts';
import type { TimelineSample } from '../../../core/timeline.ts';
import { RequestFailure } from '../../http/request-failure.ts';
import { defineEndpointFact, type EndpointView } from '../endpoint-fact.ts';
import { askHealth, bothEndpoints, KUBELET_ANSWER_MS, UNCOUNTED } from './ask-health.ts';
import { runCommand } from './run-command.ts';
import type { OutageOptions } from './run-options.ts';
import { recordTimeline, rest } from './timeline-recorder.ts';

const BEAT_MS = 250;
/** Enough to see that both endpoints were well before. */
const BEFORE_MS = 1000;
/** Enough to see that they stay well afterwards. */
const AFTER_MS = 1000;
const COMMAND_TIMEOUT_MS = 60_000;

/** Takes a dependency away and gives it back, while both health endpoints are asked as the kubelet does. */
export const outageFact = defineEndpointFact({
  fact: 'outageRun',
  isAsked: ({ runs }) => runs?.outage !== undefined,
  observe: (view) => observeOutage(view, view.options.runs?.outage as OutageOptions),
});

async function observeOutage(view: EndpointView, options: OutageOptions): Promise<OutageRun> {
  const { interruption, target } = view;
  const { live, ready } = bothEndpoints(view);
  const tell = view.options.runs?.tell ?? (() => {});
  const watching = new AbortController();
  const signal = AbortSignal.any([interruption, watching.signal]);
  const recorder = recordTimeline('outage');
  const clients = [live, ready].map(() =>
    view.newClient({ timeoutMs: KUBELET_ANSWER_MS, signal, requestLimit: UNCOUNTED }),
  );
  const watched = Promise.all(
    [
      { name: 'liveness', path: live.path },
      { name: 'readiness', path: ready.path },
    ].map(({ name, path }, index) => {
      const client = clients[index] as (typeof clients)[number];
      // Over a connection of its own each time, as the kubelet asks.
      const ask = () => askHealth(client, path, { lastOnConnection: true });
      return recorder.sample(name, BEAT_MS, ask, signal);
    }),
  );
  const readiness = () => recorder.samplesOf('readiness');
  const run = async (words: string, command: string, isBrokenOff: boolean): Promise<CommandRun> => {
    recorder.mark(words);
    const startedMs = recorder.now();
    const ended = await runCommand({
      command,
      timeoutMs: COMMAND_TIMEOUT_MS,
      tell,
      ...(isBrokenOff ? { signal: interruption } : {}),
    });
    const endedMs = recorder.now();
    recorder.mark(ended === 0 ? `${words} ended` : `${words} ended with ${ended}`, endedMs);
    return { startedMs, endedMs, ended };
  };
  try {
    await rest(BEFORE_MS, signal);
    let outage: CommandRun;
    let recovery: CommandRun;
    try {
      outage = await run('outage command', options.command, true);
      if (outage.ended === 0) {
        await until(() => readiness().some((each) => each.atMs >= outage.startedMs && !isWell(each)), options.boundMs);
        await rest(options.holdMs, signal);
      }
    } finally {
      recovery = await run('recover command', options.recover, false);
    }
    await until(() => readiness().some((each) => each.atMs >= recovery.endedMs && isWell(each)), options.boundMs);
    await rest(AFTER_MS, signal);
    if (interruption.aborted)
      throw new RequestFailure(
        'slow',
        `outage of ${target.shown}`,
        'the run was interrupted; what was taken was given back',
      );
    return {
      timeline: recorder.timeline(),
      live: `GET ${target.shown}${live.path}`,
      ready: `GET ${target.shown}${ready.path}`,
      outage,
      recovery,
      answerMs: KUBELET_ANSWER_MS,
      boundMs: options.boundMs,
    };
  } finally {
    watching.abort();
    await watched;
    await Promise.all(clients.map((client) => client.close()));
  }

  async function until(isSo: () => boolean, boundMs: number): Promise<void> {
    const end = recorder.now() + boundMs;
    while (!isSo() && recorder.now() < end && !signal.aborted) await rest(BEAT_MS / 5, signal);
  }
}

/** Whether readiness was refused by an answer between the two commands. */
export function saidNo({ timeline, outage, recovery }: OutageRun): boolean {
  const samples = timeline.series.find(({ name }) => name === 'readiness')?.samples ?? [];
  return samples.some(
    ({ atMs, status }) =>
      status !== undefined &&
      status >= 400 &&
      atMs >= outage.startedMs &&
      atMs < recovery.startedMs &&
      outage.ended === 0,
  );
}

function isWell({ status }: TimelineSample): boolean {
  return status !== undefined && status >= 200 && status < 400;
}
