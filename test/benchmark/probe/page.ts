import type { ItemState } from '../../../src/core/checklist.ts';
import type { ReportFinding } from '../../../src/core/report.ts';
import type { FaultResult, GoodResult } from './benchmark.ts';
import { NOTHING } from './benchmark.ts';
import type { Fault } from './fault.ts';
import { type Verdict, wordOf } from './judge.ts';

export interface ProbeBenchmark {
  /** The version of qna-ready. */
  readonly version: string;
  /** Such as `promtool 3.5.0`; undefined where there was none. */
  readonly promtool: string | undefined;
  readonly topics: readonly { readonly name: string; readonly results: readonly FaultResult[] }[];
  readonly good: readonly GoodResult[];
}

/** docs/benchmark-probe.md: what `probe` says of broken services and of good ones. */
export function benchmarkPage({ version, promtool, topics, good }: ProbeBenchmark): string {
  const all = topics.flatMap(({ results }) => results);
  const judged = all.filter(({ verdict }) => verdict !== undefined);
  const asked = all.filter((result) => result.promtool !== undefined);
  return [
    '# What probe says of broken services, and of good ones',
    '',
    '<!-- Made by `npm run benchmark:probe` from what the judges said; do not edit. -->',
    '',
    INTRODUCTION,
    '',
    '| about | faults | told as a failure | told as unknown | missed |',
    '| --- | ---: | ---: | ---: | ---: |',
    ...topics.map(({ name, results }) => totalsRow(name, results)),
    totalsRow('**all**', all),
    '',
    `qna-ready ${version} told ${countOf(all, 'detected')} of ${judged.length} faults as a failure and ${countOf(all, 'unknown')} more as unknown, each in words that name the fault: ${percent(countOf(all, 'detected') + countOf(all, 'unknown'), judged.length)} together; the bar is 95 %. Good services heard ${good.flatMap(({ remarks }) => remarks).length} false alarms; the bar is 0.`,
    ...(promtool === undefined
      ? ['There was no promtool, so it was not asked.']
      : [
          `${promtool}, which reads the page of metrics and nothing else, said something of ${asked.filter((result) => result.promtool !== NOTHING && result.promtool !== NO_PAGE).length} of the ${asked.length} faults that are about metrics.`,
        ]),
    '',
    ...missedSection(all),
    ...goodSection(good),
    ...topics.flatMap(({ name, results }) => topicSection(name, results)),
  ].join('\n');
}

const NO_PAGE = 'there is no page';

const INTRODUCTION = `[One good service](../test/benchmark/probe/base-service.ts) in node:http has everything right: health endpoints, the four key figures,
problem details, a structured log, a token on the way to the answers and TLS before all that. Each service below is that one with
[one thing broken](../test/benchmark/probe/faults/). It is started on the loopback and judged by \`qna-ready probe\`, with its log as
\`--logs\` and, where that is said, with a question as \`--ask\`. In each of these ways the
good service itself fails no check, and what a healthy service cannot show is a mere note.

A fault is *told* where a finding that failed speaks of it, by words that stand beside the fault in the table: that something else
fails is not enough. It is *told as unknown* where no check fails, and one says that it could not see just this; the exit code is 3
then, which stops a pipeline as a failure does. Everything else is *missed*. The item that a told fault breaks is not done, unless the
finding is a mere note. The [test](../test/benchmark/probe/broken-services.timed.test.ts) holds \`probe\` to every verdict here, to
those that miss a fault too.`;

function totalsRow(name: string, results: readonly FaultResult[]): string {
  const counts = (['detected', 'unknown', 'missed'] as const).map((outcome) => countOf(results, outcome));
  return `| ${name} | ${results.length} | ${counts.join(' | ')} |`;
}

function countOf(results: readonly FaultResult[], outcome: 'detected' | 'unknown' | 'missed'): number {
  return results.filter(({ verdict }) => verdict?.outcome === outcome).length;
}

function percent(part: number, whole: number): string {
  return `${((part / whole) * 100).toFixed(1)} %`;
}

function missedSection(all: readonly FaultResult[]): readonly string[] {
  const missed = all.filter(({ verdict }) => verdict?.outcome === 'missed');
  const skipped = all.filter((result) => result.skipped !== undefined);
  return [
    '## What is missed',
    '',
    ...(missed.length === 0 ? ['Nothing.'] : missed.map(({ fault }) => `- *${fault.name}*: ${fault.tells}`)),
    '',
    ...skipped.flatMap(({ fault, skipped: why }) => [`*${fault.name}* could not stand on this machine: ${why}.`, '']),
  ];
}

function goodSection(good: readonly GoodResult[]): readonly string[] {
  return [
    '## Good services',
    '',
    'Each is a program with health endpoints, a log and the four key figures under the names that its libraries give them. A finding here,',
    'but for what a healthy service cannot show because nothing goes wrong with it, is a false alarm. Where `probe` is right about a library as it comes, the service is set up otherwise, and the table says how; all of',
    'them limit the size of a question, count tokens and send `X-Content-Type-Options`.',
    '',
    '| service | made of | set up | qna-ready | promtool |',
    '| --- | --- | --- | --- | --- |',
    ...good.map(
      ({ service, remarks, skipped, promtool }) =>
        `| ${service.name} | ${service.madeOf} | ${service.configured ?? 'as it comes'} | ${skipped === undefined ? (remarks.length === 0 ? 'ready' : `**${remarks.length} false alarms**`) : `not run: ${cell(skipped)}`} | ${cell(promtool ?? 'not asked')} |`,
    ),
    '',
    ...good.flatMap(({ service, remarks }) =>
      remarks.map(
        ({ check, outcome, severity, message }) =>
          `- ${service.name}: \`${check}\` ${outcome}, ${severity}: ${settled(message)}`,
      ),
    ),
    ...(good.every(({ remarks }) => remarks.length === 0) ? [] : ['']),
  ];
}

function topicSection(name: string, results: readonly FaultResult[]): readonly string[] {
  const isAsked = results.some(({ promtool }) => promtool !== undefined);
  return [
    `## ${name}`,
    '',
    `| fault | what is wrong | item | the item is | qna-ready | in its words |${isAsked ? ' promtool |' : ''}`,
    `| --- | --- | --- | --- | --- | --- |${isAsked ? ' --- |' : ''}`,
    ...results.map((result) => faultRow(result, isAsked)),
    '',
  ];
}

function faultRow({ fault, verdict, skipped, promtool }: FaultResult, isAsked: boolean): string {
  const told = verdict?.told;
  const word =
    verdict === undefined
      ? `not run: ${skipped}`
      : told === undefined
        ? '**missed**'
        : `\`${told.check}\`${verdict.outcome === 'unknown' ? ', unknown' : told.severity === 'error' ? '' : `, ${told.severity}`}`;
  const way = fault.asks === undefined ? '' : ' (`--ask`)';
  const columns = [
    `${fault.name}${way}`,
    fault.tells,
    fault.item,
    verdict?.item === undefined ? '–' : STATES[verdict.item],
    word,
    [...(told === undefined ? [] : [cell(settled(inWords(fault, told)))]), ...tellBesides(verdict)].join('; '),
  ];
  return `| ${[...columns, ...(isAsked ? [cell(promtool ?? '–')] : [])].join(' | ')} |`;
}

const STATES: Readonly<Record<ItemState, string>> = {
  done: 'done',
  todo: 'to do',
  unknown: 'unknown',
  manual: 'manual',
  'not-applicable': 'not applicable',
};

/** One fault can break more than one thing, and some checks see no more than its effects. */
function tellBesides(verdict: Verdict | undefined): readonly string[] {
  const checks = new Set(verdict?.besides.map(({ check }) => check).filter((check) => check !== verdict.told?.check));
  return checks.size === 0 ? [] : [`besides ${[...checks].map((check) => `\`${check}\``).join(', ')}`];
}

/** Some findings tell the fault by what they observed, and not in their message. */
function inWords({ says }: Fault, { message, observed }: ReportFinding): string {
  return says.test(message) || observed === undefined ? message : `${message} (${observed})`;
}

/** Ports, durations and what is made up for each run would make every page another. */
function settled(text: string): string {
  return text
    .replaceAll(/(127\.\d+\.\d+\.\d+|benchmark\.test):\d+/g, '$1:PORT')
    .replaceAll(/127\.83\.\d+\.\d+/g, '127.83.X.Y')
    .replaceAll(/qna-ready-[0-9a-f]{12}/g, 'qna-ready-…')
    .replaceAll(/took \d+(?:\.\d+)? ms/g, 'took N ms');
}

const LONGEST = 200;

function cell(text: string): string {
  const one = text.replaceAll(/\s+/g, ' ').trim();
  const short = one.length > LONGEST ? `${one.slice(0, LONGEST)}…` : one;
  return short.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('*', '\\*').replaceAll('_', '\\_');
}

/** Faults whose verdict is not the one in the table. */
export function unexpected(results: readonly FaultResult[]): readonly string[] {
  return results.flatMap(({ fault, verdict }) =>
    verdict === undefined || wordOf(verdict) === fault.check
      ? []
      : `${fault.name}: ${wordOf(verdict)}, where the table has ${fault.check}`,
  );
}
