import type { Snapshot } from '../core/facts.ts';
import {
  type itemizer,
  ofOneApplication,
  type Policy,
  type ReportApplication,
  type ReportFinding,
  type ReportItem,
  summarize,
} from '../core/report.ts';
import type { Attribution, ScopedApplication } from './applications.ts';

interface Whole {
  readonly findings: readonly ReportFinding[];
  readonly items: readonly ReportItem[];
}

export interface ToldApplications {
  readonly applications: readonly ReportApplication[];
  /** What the report is about where applications were chosen; all of it where none were. */
  readonly whole: Whole;
}

/** The checklist of each application, from the findings of a run over everything. */
export function reportApplications(
  { applications, chosen, ownersOf }: Attribution,
  whole: Whole,
  itemsOf: ReturnType<typeof itemizer>,
  observed: readonly Pick<Snapshot, 'notSeen'>[],
  policy: Policy,
): ToldApplications {
  const own = new Map<ScopedApplication, ReportFinding[]>(applications.map((application) => [application, []]));
  const owned: ReportFinding[] = [];
  const judged = itemsOfObjects(whole, itemsOf);
  const itemsOfOne = (findings: readonly ReportFinding[]) =>
    itemsOf(findings).map((item) => ofOneApplication(item, judged));
  for (const finding of whole.findings) {
    const owners = ownersOf(finding);
    if (owners.length > 0) owned.push(finding);
    for (const application of owners) own.get(application)?.push(finding);
  }
  return {
    whole: chosen ? { findings: owned, items: itemsOfOne(owned) } : whole,
    applications: applications.map((application) => {
      const findings = own.get(application) ?? [];
      const items = itemsOfOne(findings);
      const { name, namespace, context, workloads, why } = application;
      return {
        name,
        ...(namespace === undefined ? {} : { namespace }),
        ...(context === undefined ? {} : { context }),
        subjects: [...new Set(workloads.map(({ resource }) => resource.ref))],
        why,
        summary: summarize(findings, items, observed, policy),
        items,
      };
    }),
  };
}

/** The ids of the items that were judged over objects, of which each belongs to some application and not to others. */
function itemsOfObjects({ findings, items }: Whole, itemsOf: ReturnType<typeof itemizer>): ReadonlySet<string> {
  const ofObjects = findings.some(({ source }) => source === 'endpoint')
    ? itemsOf(findings.filter(({ source }) => source !== 'endpoint'))
    : items;
  return new Set(ofObjects.filter((item) => item.findings.length > 0).map(({ id }) => id));
}
