import { Agent, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { TOKEN } from './load.ts';

export interface EvenLoad {
  readonly url: string;
  readonly perSecond: number;
  readonly seconds: number;
  readonly body: object;
}

export interface Answered {
  /** From the moment at which the request was due. */
  readonly ms: number;
  /** Undefined where no whole answer came. */
  readonly status: number | undefined;
}

/**
 * Sends requests at an even rate, whether earlier ones have been answered or not: a server that stalls does not slow the
 * clients of the real world.
 */
export async function sendEvenly({ url, perSecond, seconds, body }: EvenLoad): Promise<readonly Answered[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: 100 });
  const answers: Promise<Answered>[] = [];
  const started = performance.now();
  for (let n = 0; n < perSecond * seconds; n += 1) {
    const due = started + (n * 1_000) / perSecond;
    const wait = due - performance.now();
    if (wait > 0) await delay(wait);
    answers.push(
      send(url, agent, JSON.stringify(body))
        .catch(() => undefined)
        .then((status) => ({ ms: performance.now() - due, status })),
    );
  }
  const all = await Promise.all(answers);
  agent.destroy();
  return all;
}

function send(url: string, agent: Agent, body: string): Promise<number | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<number | undefined>();
  const headers = {
    authorization: `Bearer ${TOKEN}`,
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  };
  const sent = request(url, { agent, method: 'POST', headers }, (response) => {
    response.resume().once('end', () => resolve(response.statusCode));
    response.once('error', reject);
  });
  sent.once('error', reject);
  sent.end(body);
  return promise;
}

/** A quantile of the times in milliseconds, to a tenth; NaN where there are none. */
export function quantile(times: readonly number[], share: number): number {
  const sorted = times.toSorted((a, b) => a - b);
  return Number((sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN).toFixed(1));
}
