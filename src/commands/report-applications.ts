import type { Snapshot } from '../core/facts.ts';
import { lazily } from '../core/lazily.ts';
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

/**
 * The checklist of each application, from the findings of a run over everything. The items of an application are made when somebody asks
 * for them: of thousands of applications, a person is told the sum.
 */
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
  const without = itemsOfOne([]);
  const proven = new Set(whole.items.filter(({ findings }) => findings.length > 0).map(({ id }) => id));
  // What nothing proves for anybody is open for each; only an item that a URL proves can be open for one and not for another.
  const openAlike = without.every(({ id, state }) => state !== 'unknown' || !proven.has(id));
  return {
    whole: chosen ? { findings: owned, items: itemsOfOne(owned) } : whole,
    applications: applications.map((application) => {
      const findings = own.get(application) ?? [];
      const items = lazily(() => itemsOfOne(findings));
      const { name, namespace, context, workloads, why } = application;
      return {
        name,
        ...(namespace === undefined ? {} : { namespace }),
        ...(context === undefined ? {} : { context }),
        subjects: [...new Set(workloads.map(({ resource }) => resource.ref))],
        why,
        summary: summarize(findings, openAlike ? without : items(), observed, policy),
        get items() {
          return items();
        },
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
