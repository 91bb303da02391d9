import { setTimeout as delay } from 'node:timers/promises';
import type { ContainerLog, OwnRequests } from '../../core/log-facts.ts';
import { maskSecrets } from '../../core/secret-text.ts';

/** Captured log lines: what they are called, and how they are read. */
export interface LogCapture {
  readonly name: string;
  /** All that was written until now. */
  read(): Promise<string>;
  /** Whether lines are still being added to them. */
  isLive?(): boolean;
}

const KUBECTL_PREFIX = /^\[pod\/([^\]]+)\] /;
const CRI = /^\d{4}-\d{2}-\d{2}T[\d:.]+(?:Z|[+-]\d{2}:\d{2}) (stdout|stderr) ([FP])(?: |$)/;
const TIMESTAMP = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2}) (?=\S| )/;

/** A logger may write a little after its answer, and a collector after that. */
const LATE_MS = 1000;
const LOOK_MS = 100;

/** Reads the lines, after the requests that they may tell of: those of ours are waited for a little. */
export async function readLogs(capture: LogCapture, own?: OwnRequests): Promise<readonly ContainerLog[]> {
  let text = await capture.read();
  const isOwn = () => own === undefined || text.includes(own.traceId);
  for (let waitedMs = 0; waitedMs < LATE_MS && !isOwn() && capture.isLive?.() === true; waitedMs += LOOK_MS) {
    await delay(LOOK_MS);
    text = await capture.read();
  }
  const streams = streamsOf(capture.name, text);
  return own === undefined ? streams : streams.map((stream) => ({ ...stream, ownRequests: own }));
}

/**
 * Takes captured lines apart into streams, and takes off what collectors put before them: the prefix and the timestamps of
 * `kubectl logs`, and the records of the container runtime, whose parts are joined again, those of each output for itself.
 */
export function streamsOf(name: string, text: string): readonly ContainerLog[] {
  const streams = new Map<string, { readonly lines: string[]; readonly parts: Map<string, string> }>();
  for (const raw of text.split(/\r?\n/)) {
    if (raw.trim() === '') continue;
    const prefix = KUBECTL_PREFIX.exec(raw);
    const subject = prefix === null ? `log file ${name}` : `Pod ${prefix[1]}`;
    let stream = streams.get(subject);
    if (stream === undefined) {
      stream = { lines: [], parts: new Map() };
      streams.set(subject, stream);
    }
    const line = raw.slice(prefix?.[0].length ?? 0);
    const record = CRI.exec(line);
    if (record === null) stream.lines.push(maskSecrets(line.replace(TIMESTAMP, '')));
    else {
      const [head, output = '', tag] = record;
      const whole = (stream.parts.get(output) ?? '') + line.slice(head.length);
      if (tag === 'P') stream.parts.set(output, whole);
      else {
        stream.parts.delete(output);
        stream.lines.push(maskSecrets(whole));
      }
    }
  }
  for (const { lines, parts } of streams.values()) for (const part of parts.values()) lines.push(maskSecrets(part));
  return [...streams].map(([subject, { lines }]) => ({ subject, lines }));
}
