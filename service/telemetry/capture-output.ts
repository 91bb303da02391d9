import type { Logger } from './logging.ts';

/**
 * Makes log lines of what anything else writes: libraries that print, and Node itself through its streams. A plain line among
 * JSON lines would be lost to whoever collects them. Gives the way back.
 */
export function captureOutput(logger: Logger): () => void {
  const stops = (['stdout', 'stderr'] as const).map((stream) => capture(stream, logger));
  return () => {
    for (const stop of stops) stop();
  };
}

function capture(name: 'stdout' | 'stderr', logger: Logger): () => void {
  const stream = process[name];
  const write = stream.write;
  let rest = '';
  const tell = (text: string) => {
    if (text.trim() !== '') logger[name === 'stderr' ? 'warn' : 'info']({ stream: name }, text.trimEnd());
  };
  const tellRest = () => {
    tell(rest);
    rest = '';
  };
  stream.write = (chunk: string | Uint8Array, ...others: readonly unknown[]): boolean => {
    const lines = (rest + (typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString())).split('\n');
    rest = lines.pop() ?? '';
    // What was written at once belongs together, as the lines of a stack do.
    tell(lines.join('\n'));
    const done = others.at(-1);
    if (typeof done === 'function') process.nextTick(done);
    return true;
  };
  process.on('exit', tellRest);
  return () => {
    process.off('exit', tellRest);
    tellRest();
    stream.write = write;
  };
}
