import { Agent, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { TOKEN } from './load.ts';

export interface EvenLoad {
  readonly url: string;
  readonly perSecond: number;
  readonly seconds: number;
  readonly body: object;
}

/**
 * Sends requests at an even rate, whether earlier ones have been answered or not, and tells how long each took, in
 * milliseconds, from the moment at which it was due: a server that stalls does not slow the clients of the real world. One
 * that got no answer of 200 took for ever.
 */
export async function sendEvenly({ url, perSecond, seconds, body }: EvenLoad): Promise<readonly number[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: 100 });
  const times: Promise<number>[] = [];
  const started = performance.now();
  for (let n = 0; n < perSecond * seconds; n += 1) {
    const due = started + (n * 1_000) / perSecond;
    const wait = due - performance.now();
    if (wait > 0) await delay(wait);
    times.push(
      send(url, agent, JSON.stringify(body)).then(
        () => performance.now() - due,
        () => Number.POSITIVE_INFINITY,
      ),
    );
  }
  const all = await Promise.all(times);
  agent.destroy();
  return all;
}

function send(url: string, agent: Agent, body: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const headers = {
    authorization: `Bearer ${TOKEN}`,
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  };
  const sent = request(url, { agent, method: 'POST', headers }, (response) => {
    response.resume().once('end', () => {
      if (response.statusCode === 200) resolve();
      else reject(new Error(`a question was answered with ${response.statusCode}`));
    });
    response.once('error', reject);
  });
  sent.once('error', reject);
  sent.end(body);
  return promise;
}
