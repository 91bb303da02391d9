import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ItemState } from '../../../src/core/checklist.ts';
import type { Report, ReportFinding } from '../../../src/core/report.ts';
import { runCli } from '../../cli/run-cli.ts';
import { ASKING } from './base-service.ts';
import type { EdgeCredentials } from './edge.ts';
import type { Fault } from './fault.ts';
import { startService } from './start-service.ts';

/** What `probe` made of one service. */
export interface Judgement {
  readonly exitCode: number;
  /** All that did not pass and does apply; what a healthy service could not show because nothing went wrong with it, left out. */
  readonly remarks: readonly ReportFinding[];
  /** What became of each item of the checklist, by its id. */
  readonly states: ReadonlyMap<string, ItemState>;
  /** The page of metrics that it served; undefined where there was none. */
  readonly page: string | Buffer | undefined;
}

/** What is to be probed, and how. */
export type Subject = Pick<Fault, 'breaks' | 'edge' | 'asks' | 'args'>;

/** Starts the service, probes it in this process, and stops it. */
export async function judgeService(subject: Subject, credentials: () => EdgeCredentials): Promise<Judgement> {
  await using started = await startService(subject, credentials);
  using log = logFile(started.service.log);
  const result = await probeAt(started.url, [
    ...started.args,
    ...(subject.asks === true ? ASKING : []),
    '--logs',
    log.file,
    ...(subject.args ?? []),
  ]);
  return { ...result, page: started.page() };
}

/** Probes what listens at this address. */
export async function probeAt(url: string, args: readonly string[]): Promise<Omit<Judgement, 'page'>> {
  const { exitCode, stdout, stderr } = await runCli(['probe', url, ...args, '--report', 'json']);
  if (stdout === '') throw new Error(`probe said nothing on stdout, and on stderr:\n${stderr}`);
  const { findings, items } = JSON.parse(stdout) as Report;
  return {
    exitCode,
    remarks: findings.filter(
      ({ outcome, severity }) => outcome === 'fail' || (outcome === 'unknown' && severity !== 'note'),
    ),
    states: new Map(items.map(({ id, state }) => [id, state])),
  };
}

export interface Verdict {
  readonly outcome: 'detected' | 'unknown' | 'missed';
  /** What became of the item that is broken; undefined where the fault is about none. */
  readonly item: ItemState | undefined;
  /** The finding that speaks of the fault. */
  readonly told: ReportFinding | undefined;
  /** What else failed. */
  readonly besides: readonly ReportFinding[];
}

/** Looks for the fault among the remarks; a good service gets none, so that whatever stands there is about what was broken. */
export function verdictOf({ says, item }: Fault, { remarks, states }: Judgement): Verdict {
  const speaks = ({ message, observed = '' }: ReportFinding) => says.test(message) || says.test(observed);
  const failed = remarks.filter(({ outcome }) => outcome === 'fail');
  const told = failed.find(speaks) ?? remarks.find(speaks);
  return {
    outcome: told === undefined ? 'missed' : told.outcome === 'fail' ? 'detected' : 'unknown',
    item: states.get(item),
    told,
    besides: failed.filter((finding) => finding !== told),
  };
}

/** An item is not done while a fault of it is told; a mere note leaves it as it is. */
export function leavesItemOpen({ told, item }: Verdict): boolean {
  if (told === undefined || item === undefined) return true;
  if (told.outcome === 'unknown') return item === 'unknown' || item === 'todo';
  return told.severity === 'note' || item === 'todo';
}

/** A verdict as the table writes it. */
export function wordOf({ outcome, told }: Verdict): string {
  if (told === undefined) return 'missed';
  return outcome === 'unknown' ? `unknown:${told.check}` : told.check;
}

function logFile(lines: readonly string[]): { readonly file: string; [Symbol.dispose](): void } {
  const folder = mkdtempSync(join(tmpdir(), 'qna-ready-log-'));
  const file = join(folder, 'service.log');
  writeFileSync(file, lines.map((line) => `${line}\n`).join(''));
  return { file, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}
