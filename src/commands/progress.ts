import { safe } from '../reporters/layout.ts';
import type { ProgressStep } from '../sources/cluster/cluster-source.ts';
import type { Io } from './io.ts';
import { clearLine, drawLine } from './live-line.ts';

/** Whoever waits longer than this at a terminal is told what for. */
const PATIENCE_MS = 500;
/** In a log a line for each kind stands for ever, so it has to be worth it. */
const LOG_PATIENCE_MS = 2_000;

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
 * Tells on stderr how an observation goes, once it takes long. At a terminal that is one line, written anew with each kind and gone at
 * the end, after half a second; anywhere else a line for each kind, after two. With `verbose` every line is told at once.
 */
export function tellProgress(
  { stderr, now, env, progress: isWanted = true }: Pick<Io, 'stderr' | 'now' | 'env' | 'progress'>,
  verbose: boolean,
): Progress {
  if (!isWanted && !verbose) return { of: () => () => {}, end: () => {} };
  const startedMs = now().getTime();
  const sum: Sum = { kinds: 0, objects: 0, requests: new Map() };
  const waiting: string[] = [];
  const isLive = stderr.isTTY && !verbose && env.TERM !== 'dumb';
  const elapsedMs = () => now().getTime() - startedMs;
  const patienceMs = isLive ? PATIENCE_MS : LOG_PATIENCE_MS;
  let isDrawn = false;
  const flush = () => {
    if (!verbose && elapsedMs() < patienceMs) return;
    const lines = waiting.splice(0);
    if (!isLive) for (const line of lines) stderr.write(`  ${line}\n`);
    else {
      drawLine(stderr, `${sumWords(sum)}${lines.length === 0 ? '' : `; ${lines.at(-1)}`}`);
      isDrawn = true;
    }
  };
  // A server that answers nothing gives no step to tell at.
  const timer = setTimeout(flush, patienceMs);
  timer.unref();
  return {
    of: (label) => (step) => {
      if (step.isList) {
        sum.kinds++;
        sum.objects += step.objects ?? 0;
      }
      sum.requests.set(label, step.requests);
      waiting.push(safe(`${label === undefined ? '' : `${label}: `}${wordsOf(step)}`).replaceAll('\n', ' '));
      flush();
    },
    end() {
      clearTimeout(timer);
      if (isDrawn) clearLine(stderr);
      const isLong = isLive && elapsedMs() >= PATIENCE_MS;
      if (sum.kinds > 0 && (isLong || verbose)) stderr.write(`  ${sumWords(sum)} in ${seconds(elapsedMs())}.\n`);
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
