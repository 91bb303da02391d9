import { safe } from '../reporters/layout.ts';
import type { ProgressStep } from '../sources/cluster/cluster-source.ts';
import type { Io } from './io.ts';

/** Whoever waits longer than this is told what for. */
const PATIENCE_MS = 2_000;

export interface Progress {
  /** Takes what a source tells of one cluster; the label stands before its lines where there are several. */
  of(label: string | undefined): (step: ProgressStep) => void;
  /** Takes the live line away, and says at a terminal what all of it came to. */
  end(): void;
}

interface Sum {
  kinds: number;
  objects: number;
  /** By cluster, since each counts its own. */
  readonly requests: Map<string | undefined, number>;
}

/**
 * Tells on stderr how an observation goes. At a terminal that is one line, written anew with each kind and gone at the end; anywhere
 * else a line for each kind, but only of a run that takes more than two seconds, so that a quick one is silent. With `verbose`
 * every line is told at once.
 */
export function tellProgress({ stderr, now }: Pick<Io, 'stderr' | 'now'>, verbose: boolean): Progress {
  const startedMs = now().getTime();
  const sum: Sum = { kinds: 0, objects: 0, requests: new Map() };
  const waiting: string[] = [];
  const isLive = stderr.isTTY && !verbose;
  const elapsedMs = () => now().getTime() - startedMs;
  const flush = () => {
    if (verbose || elapsedMs() >= PATIENCE_MS) for (const line of waiting.splice(0)) stderr.write(`  ${line}\n`);
  };
  const draw = (line: string) => {
    const columns = (stderr.columns ?? 80) - 1;
    stderr.write(`\r\u001b[K${line.length > columns ? `${line.slice(0, columns - 1)}…` : line}`);
  };
  // A server that answers nothing gives no step to tell at.
  const timer = isLive ? undefined : setTimeout(flush, PATIENCE_MS);
  timer?.unref();
  return {
    of: (label) => (step) => {
      if (step.isList) {
        sum.kinds++;
        sum.objects += step.objects ?? 0;
      }
      sum.requests.set(label, step.requests);
      const line = safe(`${label === undefined ? '' : `${label}: `}${wordsOf(step)}`).replaceAll('\n', ' ');
      if (isLive) draw(`${sumWords(sum)}; ${line}`);
      else {
        waiting.push(line);
        flush();
      }
    },
    end() {
      clearTimeout(timer);
      if (isLive) stderr.write('\r\u001b[K');
      if (sum.kinds > 0 && (stderr.isTTY || verbose)) stderr.write(`  ${sumWords(sum)} in ${seconds(elapsedMs())}.\n`);
    },
  };
}

/** `deployments: 4 in 0.2 s`, or why they were not seen. */
function wordsOf({ fact, objects, reason, milliseconds }: ProgressStep): string {
  return objects === undefined ? `${fact}: ${reason ?? 'not seen'}` : `${fact}: ${objects} in ${seconds(milliseconds)}`;
}

function sumWords({ kinds, objects, requests }: Sum): string {
  const sent = [...requests.values()].reduce((sum, count) => sum + count, 0);
  return `${objects} object${objects === 1 ? '' : 's'} of ${kinds} kind${kinds === 1 ? '' : 's'} with ${sent} request${sent === 1 ? '' : 's'}`;
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
