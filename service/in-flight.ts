import type { RequestListener, ServerResponse } from 'node:http';

/** The answers that are being made now, so that a stop can wait for them and say what became of them. */
export interface InFlight {
  /** The same listener, counted. */
  track(listener: RequestListener): RequestListener;
  /** From now on every answer whose head has not left yet closes its connection; tells how many are under way. */
  drain(): number;
  size(): number;
  /** Answers that went out whole since the drain began. */
  drained(): number;
  /** Resolves when nothing is under way. */
  empty(): Promise<void>;
}

export function createInFlight(): InFlight {
  const open = new Set<ServerResponse>();
  let draining = false;
  let drained = 0;
  let whenEmpty: (() => void)[] = [];
  return {
    track: (listener) => (request, response) => {
      open.add(response);
      response.once('close', () => {
        open.delete(response);
        if (draining && response.writableFinished) drained += 1;
        if (open.size > 0) return;
        for (const resolve of whenEmpty) resolve();
        whenEmpty = [];
      });
      listener(request, response);
    },
    drain() {
      draining = true;
      for (const response of open) if (!response.headersSent) response.shouldKeepAlive = false;
      return open.size;
    },
    size: () => open.size,
    drained: () => drained,
    empty: () => (open.size === 0 ? Promise.resolve() : new Promise((resolve) => whenEmpty.push(resolve))),
  };
}
