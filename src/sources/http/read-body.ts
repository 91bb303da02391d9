import { pipeline, type Readable } from 'node:stream';
import { createBrotliDecompress, createInflate, createUnzip } from 'node:zlib';

export interface Body {
  readonly text: string;
  /** There was more than the limit; the rest was not read. */
  readonly truncated: boolean;
}

/**
 * Reads a body up to `maxBytes` of its unpacked form, then lets go of it: neither an endless body nor a small one that
 * unpacks to gigabytes costs more memory than that.
 */
export async function readBody(stream: Readable, encoding: string | undefined, maxBytes: number): Promise<Body> {
  const unpacked = unpack(stream, encoding?.trim().toLowerCase());
  const chunks: Buffer[] = [];
  let size = 0;
  let truncated = false;
  for await (const chunk of unpacked as AsyncIterable<Buffer>) {
    const room = maxBytes - size;
    if (chunk.length > room) {
      chunks.push(chunk.subarray(0, room));
      truncated = true;
      break;
    }
    chunks.push(chunk);
    size += chunk.length;
  }
  return { text: new TextDecoder('utf-8', { ignoreBOM: true }).decode(Buffer.concat(chunks)), truncated };
}

function unpack(stream: Readable, encoding: string | undefined): Readable {
  switch (encoding) {
    case 'gzip':
    case 'x-gzip':
      return through(stream, createUnzip());
    case 'deflate':
      return through(stream, createInflate());
    case 'br':
      return through(stream, createBrotliDecompress());
    default:
      return stream;
  }
}

/** An error of either side ends the other, and reaches the reader through the one that is read. */
function through<T extends NodeJS.ReadWriteStream & Readable>(stream: Readable, transform: T): T {
  pipeline(stream, transform, () => {});
  return transform;
}
