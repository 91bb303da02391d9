import type { Severity } from '../core/check.ts';
import type { ItemState } from '../core/checklist.ts';
import { formatLocation } from '../core/location.ts';
import type { Report, ReportApplication, ReportFinding, ReportItem } from '../core/report.ts';
import type { Signature } from '../core/signoff.ts';

export const ITEM_STATE_WORDS: Readonly<Record<ItemState, string>> = {
  done: 'done',
  todo: 'to do',
  unknown: 'unknown',
  manual: 'for a person',
  'not-applicable': 'not applicable',
};

const RANK = { fail: 0, unknown: 1, waived: 2, pass: 3, 'not-applicable': 4 } as const;
const WEIGHT: Readonly<Record<Severity, number>> = { error: 0, warning: 1, note: 2 };

/** The worst first, otherwise in the order in which they were found. */
export function worstFirst(findings: readonly ReportFinding[]): readonly ReportFinding[] {
  return findings.toSorted((a, b) => RANK[a.outcome] - RANK[b.outcome] || WEIGHT[a.severity] - WEIGHT[b.severity]);
}

/** What somebody has to look at: failures that nobody accepted, and what could not be answered. */
export function isOpen({ outcome }: ReportFinding): boolean {
  return outcome === 'fail' || outcome === 'unknown';
}

/** A part of the input that no check could judge, because it was not seen. */
export interface Gap {
  readonly source: string;
  readonly what: string;
  readonly sentence: string;
  readonly where: ReportFinding['where'];
}

export function gapsOf({ sources }: Report): readonly Gap[] {
  return sources.flatMap(({ name, notSeen }) =>
    notSeen.map(({ what, reason, where }) => ({
      source: name,
      what,
      sentence: `${where === undefined ? what : formatLocation(where)} was not seen: ${reason}.`,
      where,
    })),
  );
}

/** What was looked at; of a cluster also what it was found to be, and when. */
export function sourceWords({ target, detected, recordedAt }: Report['sources'][number]): string {
  const version = detected?.version;
  const found = [...(version === undefined ? [] : [`Kubernetes ${version}`]), ...(detected?.addOns ?? [])];
  const what = found.length === 0 ? target : `${target} (${found.join(', ')})`;
  return recordedAt === undefined ? what : `${what}, observed ${recordedAt}`;
}

/** `qna in namespace prod`, and of several clusters which one. */
export function applicationWords({ name, namespace, context }: ReportApplication): string {
  const place = namespace === undefined ? '' : ` in namespace ${namespace}`;
  return `${context === undefined ? '' : `${context}: `}${name}${place}`;
}

/** The items of an application that somebody has to look at, each with the checks that are open. */
export function openItemsOf(
  { items }: ReportApplication,
  byId: ReadonlyMap<string, ReportFinding>,
): readonly { readonly item: ReportItem; readonly reason: string }[] {
  return items
    .filter(({ state }) => state === 'todo' || state === 'unknown')
    .map((item) => {
      const open = item.findings
        .map((id) => byId.get(id))
        .filter((finding) => finding !== undefined && isOpen(finding));
      const checks = new Set(worstFirst(open.filter((finding) => finding !== undefined)).map(({ check }) => check));
      return { item, reason: item.missing ?? [...checks].join(', ') };
    });
}

/** The evidence of a finding and the way on, a line each: what formats without fields of their own tell below the message. */
export function evidenceOf({
  where,
  observed,
  expected,
  command,
  fix,
  docs,
  waiver,
}: { readonly [K in keyof ReportFinding]?: ReportFinding[K] | undefined }): readonly string[] {
  return [
    ...(where === undefined ? [] : [`Where: ${formatLocation(where)}`]),
    ...(observed === undefined ? [] : [`Observed: ${observed}`]),
    ...(expected === undefined ? [] : [`Expected: ${expected}`]),
    ...(command === undefined ? [] : [`Command: ${command}`]),
    ...(fix === undefined ? [] : [`Fix: ${fix}`]),
    ...(docs === undefined ? [] : [`See: ${docs}`]),
    ...(waiver === undefined ? [] : [`Waived: ${waiverWords(waiver)}`]),
  ];
}

/** Who signed an item and what for, or why that does not hold. */
export function signatureWords({ by, note, signedAt, until, state, reason }: Signature): string {
  const day = signedAt.slice(0, 10);
  return state === 'valid'
    ? `Signed by ${by} on ${day} until ${until}: ${note}`
    : `The signature of ${by} of ${day} is ${state}: ${reason}`;
}

export function waiverWords({ reason, owner, expires }: NonNullable<ReportFinding['waiver']>): string {
  return `${reason} (${owner}${expires === undefined ? '' : `, until ${expires}`})`;
}

const VERDICTS = {
  ready: 'Ready',
  'not-ready': 'Not ready',
  unusable: 'Input could not be read',
  unknown: 'Not proven',
} as const;

export function verdictWords({ summary }: Pick<Report, 'summary'>): string {
  return VERDICTS[summary.verdict];
}

/** `151 passed, 0 failed, 0 unknown, 12 not applicable`. */
export function countsOf({ summary }: Pick<Report, 'summary'>): string {
  const { pass, fail, unknown, notApplicable, waived } = summary;
  return [
    `${pass} passed`,
    `${fail} failed`,
    `${unknown} unknown`,
    `${notApplicable} not applicable`,
    ...(waived > 0 ? [`${waived} waived`] : []),
  ].join(', ');
}
