import { connect, type Socket } from 'node:net';

/** What came back for bytes that no client of good manners would send. */
export interface RawAnswer {
  /** 0 where the connection ended without a status line. */
  readonly status: number;
  readonly text: string;
}

/** Sends bytes as they are, and reads until the server is done or has answered once. */
export function exchange(port: number, bytes: string | Buffer, timeoutMs = 15_000): Promise<RawAnswer> {
  const { promise, resolve } = Promise.withResolvers<RawAnswer>();
  const socket = open(port);
  let text = '';
  const done = () => {
    clearTimeout(timer);
    socket.destroy();
    resolve({ status: Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0), text });
  };
  const timer = setTimeout(done, timeoutMs);
  socket.setEncoding('latin1');
  socket.on('data', (chunk) => {
    text += String(chunk);
    if (isWhole(text)) done();
  });
  socket.once('end', done);
  socket.once('close', done);
  socket.write(bytes);
  return promise;
}

/** A connection whose errors are of no interest. */
export function open(port: number): Socket {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  return socket;
}

function isWhole(text: string): boolean {
  const end = text.indexOf('\r\n\r\n');
  if (end === -1) return false;
  const length = /^content-length: (\d+)/im.exec(text.slice(0, end))?.[1];
  return length !== undefined && text.length >= end + 4 + Number(length);
}
