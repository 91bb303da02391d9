import { Agent, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

export interface LoadRecord {
  /** When the head of the response came, as performance.now() tells. */
  readonly at: number;
  readonly status: number;
  readonly connection: string | undefined;
}

export interface SteadyLoad {
  readonly answered: readonly LoadRecord[];
  /** Requests that got no whole response. */
  readonly failed: readonly Error[];
  /** Sends no more, and waits for what is under way. */
  stop(): Promise<void>;
}

export interface LoadOptions {
  readonly url: string;
  readonly perSecond: number;
  readonly body?: object;
}

/** Requests at an even rate over connections that are kept, as they come through a balancer. */
export function startSteadyLoad({ url, perSecond, body }: LoadOptions): SteadyLoad {
  const agent = new Agent({ keepAlive: true, maxSockets: 10 });
  const answered: LoadRecord[] = [];
  const failed: Error[] = [];
  const underWay = new Set<Promise<void>>();
  const stopped = new AbortController();
  const ticking = tick();
  return {
    answered,
    failed,
    async stop() {
      stopped.abort();
      await ticking;
      await Promise.all(underWay);
      agent.destroy();
    },
  };

  async function tick(): Promise<void> {
    while (!stopped.signal.aborted) {
      const sent: Promise<void> = send().finally(() => underWay.delete(sent));
      underWay.add(sent);
      await delay(1_000 / perSecond, undefined, { signal: stopped.signal }).catch(() => {});
    }
  }

  async function send(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const fail = (error: Error) => {
      failed.push(error);
      resolve();
    };
    const options = {
      agent,
      method: body === undefined ? 'GET' : 'POST',
      headers: { 'content-type': 'application/json' },
    };
    const sent = request(url, options, (response) => {
      const { statusCode: status = 0 } = response;
      answered.push({ at: performance.now(), status, connection: response.headers.connection });
      response.once('end', resolve);
      response.once('error', fail);
      response.resume();
    });
    sent.once('error', fail);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
    return promise;
  }
}
