import type { ContainerLog } from '../../core/log-facts.ts';
import { maskSecrets } from '../../core/secret-text.ts';

/** Captured log lines: what they are called, and how they are read. */
export interface LogCapture {
  readonly name: string;
  read(): Promise<string>;
}

const KUBECTL_PREFIX = /^\[pod\/([^\]]+)\] /;
const CRI = /^\d{4}-\d{2}-\d{2}T[\d:.]+(?:Z|[+-]\d{2}:\d{2}) (?:stdout|stderr) ([FP])(?: |$)/;
const TIMESTAMP = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2}) (?=\S)/;

/**
 * Takes captured lines apart into streams, and takes off what collectors put before them: the prefix and the timestamps of
 * `kubectl logs`, and the records of the container runtime, whose parts are joined again.
 */
export function streamsOf(name: string, text: string): readonly ContainerLog[] {
  const streams = new Map<string, { readonly lines: string[]; partial: string }>();
  for (const raw of text.split(/\r?\n/)) {
    if (raw.trim() === '') continue;
    const prefix = KUBECTL_PREFIX.exec(raw);
    const subject = prefix === null ? `log file ${name}` : `Pod ${prefix[1]}`;
    let stream = streams.get(subject);
    if (stream === undefined) {
      stream = { lines: [], partial: '' };
      streams.set(subject, stream);
    }
    const line = raw.slice(prefix?.[0].length ?? 0);
    const record = CRI.exec(line);
    if (record === null) stream.lines.push(maskSecrets(line.replace(TIMESTAMP, '')));
    else {
      stream.partial += line.slice(record[0].length);
      if (record[1] === 'P') continue;
      stream.lines.push(maskSecrets(stream.partial));
      stream.partial = '';
    }
  }
  for (const stream of streams.values()) if (stream.partial !== '') stream.lines.push(maskSecrets(stream.partial));
  return [...streams].map(([subject, { lines }]) => ({ subject, lines }));
}
