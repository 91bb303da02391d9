import { Agent, fetch, type RequestInit, Response } from 'undici';

/** No answer of a model is as large; one that is would fill the memory. */
const MAX_ANSWER_BYTES = 8 * 1024 * 1024;

/** The provider sent more than anybody can have asked for. */
export class AnswerTooLarge extends Error {
  override readonly name = 'AnswerTooLarge';
}

/** Fetches with a bound on the time in which a connection stands, and on the bytes of an answer. */
export function createBoundedFetch(connectTimeoutMs: number, maxBytes = MAX_ANSWER_BYTES): typeof globalThis.fetch {
  // Whoever asks has timers of its own for all that comes after the connection.
  const dispatcher = new Agent({ connect: { timeout: connectTimeoutMs }, headersTimeout: 0, bodyTimeout: 0 });
  const bounded = async (url: string, init: RequestInit) => {
    const { status, statusText, headers, body } = await fetch(url, { ...init, dispatcher });
    return new Response(body?.pipeThrough(limit(maxBytes)) ?? null, { status, statusText, headers });
  };
  return bounded as unknown as typeof globalThis.fetch;
}

function limit(maxBytes: number): TransformStream<Uint8Array, Uint8Array> {
  let bytes = 0;
  return new TransformStream({
    transform(chunk, controller) {
      bytes += chunk.byteLength;
      if (bytes > maxBytes) controller.error(new AnswerTooLarge(`an answer of more than ${maxBytes} bytes`));
      else controller.enqueue(chunk);
    },
  });
}
