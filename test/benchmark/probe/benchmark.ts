import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../../../scripts/wait.ts';
import type { ReportFinding } from '../../../src/core/report.ts';
import { checkMetrics } from '../../prometheus/find-promtool.ts';
import { QUESTION } from './base-service.ts';
import type { EdgeCredentials } from './edge.ts';
import type { Fault } from './fault.ts';
import { CannotRun, type GoodService } from './good/good-service.ts';
import { judgeService, probeAt, type Verdict, verdictOf } from './judge.ts';
import { CannotStand } from './start-service.ts';

/** What was said of one broken service, or why it could not stand here. */
export interface FaultResult {
  readonly fault: Fault;
  readonly verdict: Verdict | undefined;
  readonly skipped: string | undefined;
  /** What promtool says of its page of metrics; undefined where it was not asked. */
  readonly promtool: string | undefined;
}

/** What was said of one good service, or why it could not run here. */
export interface GoodResult {
  readonly service: GoodService;
  /** All that did not pass: each is a false alarm. */
  readonly remarks: readonly ReportFinding[];
  readonly skipped: string | undefined;
  readonly promtool: string | undefined;
}

export interface BenchmarkTools {
  readonly credentials: () => EdgeCredentials;
  /** The binary; undefined where there is none. */
  readonly promtool: string | undefined;
}

/** Items that are about the page of metrics, which is all that promtool reads. */
const OF_METRICS = ['3.2', '3.3'];

/** What promtool says of a page in which it finds nothing. */
export const NOTHING = 'nothing';

export async function judgeFault(fault: Fault, { credentials, promtool }: BenchmarkTools): Promise<FaultResult> {
  try {
    const judgement = await judgeService(fault, credentials);
    const isAsked = promtool !== undefined && OF_METRICS.includes(fault.item);
    return {
      fault,
      verdict: verdictOf(fault, judgement),
      skipped: undefined,
      promtool: isAsked ? wordsOf(promtool, judgement.page) : undefined,
    };
  } catch (error) {
    if (!(error instanceof CannotStand)) throw error;
    return { fault, verdict: undefined, skipped: error.message, promtool: undefined };
  }
}

export async function judgeGood(service: GoodService, promtool: string | undefined): Promise<GoodResult> {
  const folder = mkdtempSync(join(tmpdir(), 'qna-benchmark-log-'));
  try {
    const running = await service.start();
    try {
      const args = running.args ?? [];
      await askOnce(running.url, args);
      // A service writes its log when it has time to.
      await until(`${service.name} writes to its log`, () => running.log().includes('\n'), 10_000);
      const log = join(folder, 'service.log');
      writeFileSync(log, running.log());
      const { remarks } = await probeAt(running.url, [...args, '--ask', QUESTION, '--logs', log]);
      const page = await (await fetch(`${running.url}/metrics`)).text();
      return {
        service,
        remarks,
        skipped: undefined,
        promtool: promtool === undefined ? undefined : wordsOf(promtool, page),
      };
    } finally {
      await running.stop();
    }
  } catch (error) {
    if (!(error instanceof CannotRun)) throw error;
    return { service, remarks: [], skipped: error.message, promtool: undefined };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A line of the log that is about a request, which there would be none of otherwise. */
async function askOnce(url: string, args: readonly string[]): Promise<void> {
  const [, path = '', body = ''] = /^POST (\S+) (.*)$/.exec(QUESTION) ?? [];
  const header = args[args.indexOf('--header') + 1] ?? '';
  const authorization = /^Authorization: (.*)$/.exec(header)?.[1];
  const response = await fetch(`${url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(authorization === undefined ? {} : { authorization }) },
    body,
  });
  if (!response.ok) throw new Error(`${url}${path} answered ${response.status}: ${await response.text()}`);
  await response.text();
}

/** The first thing that promtool says, and how much more there is. */
function wordsOf(promtool: string, page: string | Buffer | undefined): string {
  if (page === undefined) return 'there is no page';
  const { status, output } = checkMetrics(promtool, page);
  if (status === 0) return NOTHING;
  const [first = '', ...more] = output.split('\n').filter((line) => line.trim() !== '');
  return `${first}${more.length === 0 ? '' : `, and ${more.length} more`}`;
}
