import type { Response } from 'express';

/** Server-sent events on one response. */
export interface EventStream {
  send(event: string, data: unknown): void;
  /** Whether anything has left: from then on the status cannot be changed. */
  hasBegun(): boolean;
  end(): void;
}

/** Shorter than the idle time of common proxies. */
const KEEP_ALIVE_MS = 10_000;

/**
 * Makes a response a stream of events. Its head leaves with the first event, so that what is refused before that has a status
 * of its own; while nothing comes, a comment keeps the connection alive.
 *
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
export function openEventStream(response: Response): EventStream {
  const timer = setInterval(() => write(': still here\n\n'), KEEP_ALIVE_MS);
  response.once('close', () => clearInterval(timer));
  return {
    send: (event, data) => write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`),
    hasBegun: () => response.headersSent,
    end() {
      clearInterval(timer);
      response.end();
    },
  };

  function write(text: string): void {
    if (response.writableEnded || response.destroyed) return;
    if (!response.headersSent)
      response.writeHead(200, {
        'Content-Type': 'text/event-stream; charset=utf-8',
        'Cache-Control': 'no-store, no-transform',
        // nginx would keep the events back until the answer is whole.
        'X-Accel-Buffering': 'no',
      });
    response.write(text);
  }
}
