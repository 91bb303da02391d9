import type { CheckMeta, Severity } from './check.ts';
import type { ItemState } from './checklist.ts';
import type { SourceName } from './facts.ts';
import type { Location } from './location.ts';
import type { ReportFinding, ReportItem } from './report.ts';

/** What a person has signed: that an item of the checklist holds, for the evidence that there was, until a day. */
export interface Signoff {
  readonly item: string;
  readonly by: string;
  readonly note: string;
  /** ISO 8601, UTC. */
  readonly signedAt: string;
  /** The last day on which it holds, `YYYY-MM-DD`, in UTC. */
  readonly until: string;
  /** What the item was before it was signed. */
  readonly state: ItemState;
  /** The sources whose findings the evidence is made of. */
  readonly sources: readonly SourceName[];
  /** The application that the checklist was about, where one was chosen. */
  readonly application?: string;
  /** The digest of the evidence. */
  readonly evidence: string;
  /** The digest of all the above. */
  readonly seal: string;
  /** Where it is written. */
  readonly where?: Location;
}

/** What a report tells of a signature. Only one that is valid counts. */
export interface Signature extends Pick<Signoff, 'by' | 'note' | 'signedAt' | 'until'> {
  readonly state: 'valid' | 'void' | 'expired';
  /** Why it does not hold; empty where it does. */
  readonly reason: string;
}

/** A digest of a text, such as `sha256:…`. */
export type Digest = (text: string) => string;

/** Judges the signatures themselves. */
export const SIGNOFFS_CHECK: CheckMeta = {
  id: 'policy/signoffs',
  title: 'Every signature of the checklist is current, and was given for what is there now',
  severity: 'warning',
  why: 'A signature is a promise of a person about what that person saw. One that has expired, or that was given for other evidence, is a promise about something that is gone.',
  how: 'Each entry of the file of signatures names an item of the checklist once, is as `checklist sign` wrote it, has not expired, and was given for the evidence of this run: the checks that prove the item, what they say of which objects, and how severe it is. A signature that does not hold is not counted, and its item is what it would be without it.',
  fix: 'Look at the item again and sign it anew with `qna-ready checklist sign`, or take the entry away.',
  verify: 'Compare the entries of .qna-ready/signoffs.yaml with the items of `qna-ready checklist`.',
  references: [],
};

/** What a signature is given for: the item, and what the checks say of which objects. Free of times, ids, order and measured values. */
export function evidenceOf({ id, title }: Pick<ReportItem, 'id' | 'title'>, proofs: readonly ReportFinding[]): string {
  const lines = proofs.map(({ check, source, subject, outcome, severity }) =>
    JSON.stringify([check, source, lasting(subject), outcome, outcome === 'pass' ? '' : severity]),
  );
  return JSON.stringify([id, title, [...new Set(lines)].sort()]);
}

/** What is sealed of a signature, so that an entry that was changed by hand is told from one that was signed. */
export function sealedText(signoff: Omit<Signoff, 'seal' | 'where'>): string {
  const { item, by, note, signedAt, until, state, sources, application, evidence } = signoff;
  return JSON.stringify([item, by, note, signedAt, until, state, sources, application ?? '', evidence]);
}

export function sourcesOfProofs(proofs: readonly ReportFinding[]): readonly SourceName[] {
  return [...new Set(proofs.map(({ source }) => source))].sort();
}

export interface SignedItems {
  readonly items: readonly ReportItem[];
  /** The findings that a valid signature answers for: unknown ones hold nothing up. */
  readonly answered: ReadonlySet<string>;
  /** What the signatures say of themselves. */
  readonly findings: readonly ReportFinding[];
}

/**
 * Puts the signatures to their items. A valid one makes an item done that asks a person, or that could not be seen; an item that is to
 * do is never signed away. `application` is what the items are about.
 */
export function signItems(
  items: readonly ReportItem[],
  findings: readonly ReportFinding[],
  signoffs: readonly Signoff[],
  {
    application,
    today,
    digest,
  }: { readonly application: string | undefined; readonly today: string; readonly digest: Digest },
): SignedItems {
  const byId = new Map(findings.map((finding) => [finding.id, finding]));
  const known = new Map(items.map((item) => [item.id, item]));
  const signatures = new Map<string, Signature>();
  const told: ReportFinding[] = [];
  const own = signoffs.filter((signoff) => signoff.application === application);
  for (const [index, signoff] of own.entries()) {
    const item = known.get(signoff.item);
    if (item === undefined) continue;
    if (own.findIndex((other) => other.item === signoff.item) !== index)
      told.push(tell(signoff, 'warning', `Item ${signoff.item} is signed twice, and only the first signature counts.`));
    else if (digest(sealedText(signoff)) !== signoff.seal)
      told.push(tell(signoff, 'warning', 'This signature was changed after it was given, so it does not count.'));
    else {
      const signature = judge(signoff, item, proofsOf(item));
      signatures.set(item.id, signature);
      if (signature.state !== 'valid') told.push(tell(signoff, 'note', signature.reason));
    }
  }
  const signed = items.map((item): ReportItem => {
    const signature = signatures.get(item.id);
    if (signature === undefined) return item;
    const settles = signature.state === 'valid' && (item.state === 'manual' || item.state === 'unknown');
    return { ...item, ...(settles ? { state: 'done' as const } : {}), signature };
  });
  const open = new Set(
    signed.filter(({ signature }) => signature?.state !== 'valid').flatMap(({ findings: proofs }) => proofs),
  );
  const answered = signed
    .filter(({ signature }) => signature?.state === 'valid')
    .flatMap(({ findings: proofs }) => proofs.filter((id) => !open.has(id)));
  return { items: signed, answered: new Set(answered), findings: told };

  function proofsOf(item: ReportItem): readonly ReportFinding[] {
    return item.findings.map((id) => byId.get(id)).filter((finding) => finding !== undefined);
  }

  function judge(signoff: Signoff, item: ReportItem, proofs: readonly ReportFinding[]): Signature {
    const { by, note, signedAt, until, sources, evidence } = signoff;
    const as = (state: Signature['state'], reason: string): Signature => ({ by, note, signedAt, until, state, reason });
    if (until < today) return as('expired', `It held until ${until}.`);
    if (item.state === 'todo') return as('void', 'The item has failed since it was signed.');
    if (digest(evidenceOf(item, proofs)) === evidence) return as('valid', '');
    const now = sourcesOfProofs(proofs);
    return as(
      'void',
      now.join() === sources.join()
        ? 'The evidence has changed since it was signed.'
        : `It was signed for what ${words(sources)} showed, and this run has ${words(now)}.`,
    );
  }
}

function words(sources: readonly SourceName[]): string {
  return sources.length === 0 ? 'nothing' : sources.join(' and ');
}

/**
 * An object's name without what changes each time that a controller makes it anew: pods come and go, and the evidence is the same. The
 * letters are those of `k8s.io/apimachinery/pkg/util/rand`, which makes no words; the number of a StatefulSet's pod stays.
 */
function lasting(subject: string): string {
  return subject.replace(RANDOM_NAME, 'Pod $1');
}

const RANDOM_NAME = /\bPod (\S+?)(?:-[bcdfghjklmnpqrstvwxz2456789]{6,10})?-[bcdfghjklmnpqrstvwxz2456789]{5}(?= |$)/;

function tell(signoff: Signoff, severity: Severity, message: string): ReportFinding {
  const { item, by, where } = signoff;
  return {
    id: `${SIGNOFFS_CHECK.id}@files#${item} ${by} ${signoff.signedAt}`,
    check: SIGNOFFS_CHECK.id,
    item: '',
    source: 'files',
    outcome: 'fail',
    severity,
    subject: `signature of item ${item} by ${by}`,
    message,
    ...(where === undefined ? {} : { where }),
    fix: SIGNOFFS_CHECK.fix,
  };
}
