import { readExposition } from '../../src/prometheus/parse-exposition.ts';
import { madePage } from './made-page.ts';

/**
 * Reads a page of so many MiB that is made as it is read, and tells in JSON how quick that was, the making left out, and how much
 * memory it took: `parse` with the parser, `lines` by splitting the text into lines and nothing else.
 */
const [how = 'parse', mebibytes = '16'] = process.argv.slice(2);
let making = 0;
let bytes = 0;

function* timed(): Generator<Uint8Array> {
  let started = performance.now();
  for (const piece of madePage(Number(mebibytes) * 1024 * 1024)) {
    making += performance.now() - started;
    bytes += piece.length;
    yield piece;
    started = performance.now();
  }
}

async function read(): Promise<number> {
  if (how === 'parse') return (await readExposition(timed(), 'text')).sampleCount;
  const decoder = new TextDecoder();
  let lines = 0;
  for (const piece of timed()) lines += decoder.decode(piece, { stream: true }).split('\n').length - 1;
  return lines;
}

const started = performance.now();
const count = await read();
const seconds = (performance.now() - started - making) / 1000;
const peakMiB = process.resourceUsage().maxRSS / 1024;
console.log(JSON.stringify({ count, seconds, megabytesPerSecond: bytes / 1e6 / seconds, peakMiB }));
