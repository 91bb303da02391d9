import { SECTIONS } from '../checklist/index.ts';
import { nearest } from '../core/nearest.ts';
import type { ReportApplication, ReportFinding, ReportItem } from '../core/report.ts';
import { SIGNOFFS_CHECK, type SignedItems, type Signoff, signItems } from '../core/signoff.ts';
import { digestOf } from '../scaffold/record.ts';

interface Whole {
  readonly findings: readonly ReportFinding[];
  readonly items: readonly ReportItem[];
}

/** Puts what people signed to the items of a run, and adds to its findings what the signatures say of themselves. */
export function signedChecklist(
  { findings, items }: Whole,
  applications: readonly ReportApplication[],
  signoffs: readonly Signoff[],
  startedAt: Date,
): SignedItems {
  if (signoffs.length === 0) return { findings, items, answered: new Set() };
  const application = applicationSigned(applications);
  const today = startedAt.toISOString().slice(0, 10);
  const signed = signItems(items, findings, signoffs, { application, today, digest: digestOf });
  return { ...signed, findings: [...findings, ...signed.findings, ...signoffs.flatMap(unknownItem)] };
}

/** What a signature is about where a person chose one application, such as `prod/qna`; undefined where it is about all. */
export function applicationSigned(applications: readonly ReportApplication[]): string | undefined {
  const [only, ...more] = applications;
  if (only === undefined || more.length > 0) return undefined;
  return only.namespace === undefined ? only.name : `${only.namespace}/${only.name}`;
}

/** Every item by the names that a person may give it. */
export function itemNames(): ReadonlyMap<string, string> {
  return new Map(
    SECTIONS.flatMap((section) => section.items).flatMap(({ id, name }) => [
      [id, id],
      [name, id],
    ]),
  );
}

function unknownItem({ item, by, where }: Signoff): readonly ReportFinding[] {
  const names = [...itemNames().keys()];
  if (names.includes(item)) return [];
  const near = nearest(item, names);
  return [
    {
      id: `${SIGNOFFS_CHECK.id}@files#unknown ${item} ${by}`,
      check: SIGNOFFS_CHECK.id,
      item: '',
      source: 'files',
      outcome: 'fail',
      severity: SIGNOFFS_CHECK.severity,
      subject: `signature of item ${item} by ${by}`,
      message: `The checklist has no item ${item}, so nothing is signed.`,
      ...(near === undefined ? {} : { expected: near }),
      ...(where === undefined ? {} : { where }),
      fix: SIGNOFFS_CHECK.fix,
    },
  ];
}
