import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { endsStream } from '../../../core/ends-stream.ts';
import { reasonOf } from '../../../core/errors.ts';
import type { CommandRun, DrainRequest, DrainRun } from '../../../core/run-facts.ts';
import { maskSecrets } from '../../../core/secret-text.ts';
import { lookupOf } from '../../http/refused-addresses.ts';
import { RequestFailure } from '../../http/request-failure.ts';
import { defineEndpointFact, type EndpointView } from '../endpoint-fact.ts';
import type { Question } from '../observe-activity.ts';
import { bothEndpoints, KUBELET_ANSWER_MS, UNCOUNTED, wordOf } from './ask-health.ts';
import { runCommand } from './run-command.ts';
import type { DrainOptions } from './run-options.ts';
import { type Answer, recordTimeline, rest, type TimelineRecorder } from './timeline-recorder.ts';

const BEAT_MS = 100;
const BEFORE_MS = 500;
/** Questions that are open when the order comes. */
const OPEN_QUESTIONS = 3;
/** A person may want to see how late a late end is. */
const AFTER_GRACE_MS = 2000;

/** Orders the service to stop while it has work, and watches how it goes. The last thing that is done to a service. */
export const drainFact = defineEndpointFact({
  fact: 'drainRun',
  isAsked: ({ runs }) => runs?.drain !== undefined,
  observe: (view) => observeDrain(view, view.options.runs?.drain as DrainOptions),
});

async function observeDrain(view: EndpointView, { order, graceMs }: DrainOptions): Promise<DrainRun> {
  const { interruption, target } = view;
  const { live, ready } = bothEndpoints(view);
  const named = 'pid' in order ? order.pid : undefined;
  const words = 'pid' in order ? `SIGTERM to process ${order.pid}` : `the command ${maskSecrets(order.command)}`;
  if (named !== undefined && !isAlive(named))
    throw new RequestFailure('limit', words, 'there is no such process, or it cannot be seen from here');
  const watching = new AbortController();
  const signal = AbortSignal.any([interruption, watching.signal]);
  const recorder = recordTimeline('drain');
  const requests: DrainRequest[] = [];
  const watched = [
    keepAsking(view, recorder, requests, 'liveness', live.path, signal),
    keepAsking(view, recorder, requests, 'readiness', ready.path, signal),
    recorder.sample('port', BEAT_MS, () => knock(view, signal), signal),
  ];
  const isClosed = () => recorder.samplesOf('port').some(({ words: word }) => word === 'refused');
  let exitedMs: number | undefined;
  try {
    await rest(BEFORE_MS, signal);
    const asked = askQuestions(view, recorder, requests, graceMs + AFTER_GRACE_MS);
    await asked.underWay;
    const orderedMs = recorder.now();
    recorder.mark(words, orderedMs);
    const command = await give(order, view, recorder, words);
    const end = orderedMs + graceMs + AFTER_GRACE_MS;
    while (recorder.now() < end && !interruption.aborted) {
      if (named !== undefined && exitedMs === undefined && !isAlive(named)) {
        exitedMs = recorder.now();
        recorder.mark(`process ${named} ended`, exitedMs);
      }
      if (named === undefined ? isClosed() && asked.open() === 0 : exitedMs !== undefined) break;
      if (command !== undefined && command.ended !== 0) break;
      await rest(BEAT_MS / 5, interruption);
    }
    // One more knock, so that the end of the port is seen where the process went at once.
    if (exitedMs !== undefined) await rest(2 * BEAT_MS, interruption);
    watching.abort();
    await Promise.all(watched);
    await asked.close();
    if (interruption.aborted) throw new RequestFailure('slow', words, 'the run was interrupted');
    const closed = recorder.samplesOf('port').find(({ words: word }) => word === 'refused');
    return {
      timeline: recorder.timeline(),
      order: words,
      orderedMs,
      graceMs,
      live: `GET ${target.shown}${live.path}`,
      ready: `GET ${target.shown}${ready.path}`,
      requests: requests.filter(({ endedMs }) => endedMs >= orderedMs),
      watchesProcess: named !== undefined,
      ...(command === undefined ? {} : { command }),
      ...(closed === undefined ? {} : { portClosedMs: closed.atMs + closed.durationMs }),
      ...(exitedMs === undefined ? {} : { exitedMs }),
    };
  } finally {
    watching.abort();
    await Promise.allSettled(watched);
  }
}

async function give(
  order: DrainOptions['order'],
  view: EndpointView,
  recorder: TimelineRecorder,
  words: string,
): Promise<CommandRun | undefined> {
  const startedMs = recorder.now();
  if ('pid' in order) {
    try {
      process.kill(order.pid, 'SIGTERM');
    } catch (error) {
      throw new RequestFailure('limit', words, `the signal could not be sent (${reasonOf(error)})`);
    }
    return undefined;
  }
  const tell = view.options.runs?.tell ?? (() => {});
  const { graceMs = 0 } = view.options.runs?.drain ?? {};
  // A command may wait for the end of the pod, as kubectl delete does.
  const timeoutMs = graceMs + AFTER_GRACE_MS;
  const ended = await runCommand({ command: order.command, timeoutMs, signal: view.interruption, tell });
  return { startedMs, endedMs: recorder.now(), ended };
}

/** Asks a health endpoint over a connection that is kept, as a balancer keeps one. */
async function keepAsking(
  view: EndpointView,
  recorder: TimelineRecorder,
  requests: DrainRequest[],
  kind: 'liveness' | 'readiness',
  path: string,
  signal: AbortSignal,
): Promise<void> {
  const client = view.newClient({ timeoutMs: KUBELET_ANSWER_MS, signal, requestLimit: UNCOUNTED });
  const ask = async (): Promise<Answer> => {
    const sentMs = recorder.now();
    try {
      const { status, headers } = await client.exchange('GET', path);
      const connection = headers.connection?.toLowerCase();
      requests.push({
        kind,
        sentMs,
        endedMs: recorder.now(),
        status,
        ...(connection === undefined ? {} : { connection }),
      });
      return { status };
    } catch (error) {
      const word = wordOf(error);
      if (!signal.aborted)
        requests.push({
          kind,
          sentMs,
          endedMs: recorder.now(),
          failure: word === 'too slow' ? 'too-slow' : word,
        });
      return { words: word };
    }
  };
  try {
    await recorder.sample(kind, BEAT_MS, ask, signal);
  } finally {
    await client.close();
  }
}

interface OpenQuestions {
  /** Resolves when the questions were sent; the first pieces of their answers need not be there. */
  readonly underWay: Promise<void>;
  /** How many are still being answered. */
  open(): number;
  close(): Promise<void>;
}

function askQuestions(
  view: EndpointView,
  recorder: TimelineRecorder,
  requests: DrainRequest[],
  timeoutMs: number,
): OpenQuestions {
  const { ask } = view.options;
  if (ask === undefined) return { underWay: Promise.resolve(), open: () => 0, close: async () => {} };
  const client = view.newClient({ timeoutMs, signal: view.interruption, connections: OPEN_QUESTIONS });
  let open = OPEN_QUESTIONS;
  const asked = Array.from({ length: OPEN_QUESTIONS }, async () => {
    requests.push(await askOnce(client, ask, recorder));
    open--;
  });
  return {
    // So long that the service has them in hand, and no answer of a model is complete.
    underWay: rest(BEAT_MS, view.interruption),
    open: () => open,
    async close() {
      await Promise.all(asked);
      await client.close();
    },
  };
}

async function askOnce(
  client: ReturnType<EndpointView['newClient']>,
  { method, path, body, contentType = 'application/json' }: Question,
  recorder: TimelineRecorder,
): Promise<DrainRequest> {
  const sentMs = recorder.now();
  const headers = { accept: 'text/event-stream', ...(body === undefined ? {} : { 'content-type': contentType }) };
  try {
    const answer = await client.stream(method, path, { headers, ...(body === undefined ? {} : { body }) });
    const connection = answer.headers.connection?.toLowerCase();
    const isEvents = /^text\/event-stream/i.test(answer.headers['content-type'] ?? '');
    return {
      kind: 'question',
      sentMs,
      endedMs: recorder.now(),
      status: answer.status,
      ...(connection === undefined ? {} : { connection }),
      ...(answer.end === 'cut' ? { failure: 'reset' as const } : {}),
      ...(answer.end === 'too-slow' ? { failure: 'too-slow' as const } : {}),
      ...(isEvents ? { lastEvent: endsStream(answer.body) ? 'terminal' : 'unknown' } : {}),
    };
  } catch (error) {
    const word = wordOf(error);
    return { kind: 'question', sentMs, endedMs: recorder.now(), failure: word === 'too slow' ? 'too-slow' : word };
  }
}

/** Whether the port takes connections. */
function knock({ target, options }: EndpointView, signal: AbortSignal): Promise<Answer> {
  return new Promise((settle) => {
    const socket = connect({ host: target.host, port: target.port, lookup: lookupOf(options.resolve) });
    const limit = AbortSignal.any([signal, AbortSignal.timeout(KUBELET_ANSWER_MS)]);
    const end = (words: string) => {
      limit.removeEventListener('abort', onAbort);
      socket.destroy();
      settle({ words });
    };
    const onAbort = () => end('too slow');
    limit.addEventListener('abort', onAbort);
    socket.once('connect', () => end('open'));
    socket.once('error', (error: NodeJS.ErrnoException) => end(error.code === 'ECONNREFUSED' ? 'refused' : 'too slow'));
  });
}

/** A process that has ended and that its parent has not yet asked after counts as gone. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2));
  } catch {
    // No /proc here, so the signal is all that can be asked; or it ended this very moment, and the next look says so.
    return true;
  }
}
