import type { Report, ReportFinding } from '../../core/report.ts';
import { isOpen, worstFirst } from '../telling.ts';

/** Findings of one check that say the same of several subjects. */
export interface Fault {
  /**
   * Stands for all of them: subject, place and command differ, and of what passed also what was observed and expected, which then
   * stands in none of the two here.
   */
  readonly shared: ReportFinding;
  readonly findings: readonly ReportFinding[];
}

/** All that one check found, the worst first. */
export interface CheckGroup {
  readonly check: string;
  readonly open: readonly Fault[];
  /** What passed, does not apply or was waived. */
  readonly settled: readonly Fault[];
  /** How to mend it, where all failures are mended alike. */
  readonly fix: string | undefined;
  readonly docs: string | undefined;
  /** The sections of the items that its findings decide. */
  readonly sections: ReadonlySet<string>;
}

/** The findings by their checks, those that have something open first. What is said of many objects is said once. */
export function groupsOf({ findings, items }: Pick<Report, 'findings' | 'items'>): readonly CheckGroup[] {
  const byId = new Map(findings.map((finding) => [finding.id, finding]));
  const sections = new Map<string, Set<string>>();
  for (const { section, findings: ids } of items)
    for (const check of new Set(ids.flatMap((id) => byId.get(id)?.check ?? []))) {
      const known = sections.get(check);
      if (known === undefined) sections.set(check, new Set([section]));
      else known.add(section);
    }
  const groups = [...Map.groupBy(worstFirst(findings), ({ check }) => check)].map(([check, own]): CheckGroup => {
    const faults = [...Map.groupBy(own, sayingOf).values()].flatMap((same) => {
      const [first] = same;
      return first === undefined ? [] : [{ shared: isQuiet(first) ? sharedOf(first, same) : first, findings: same }];
    });
    return {
      check,
      open: faults.filter(({ shared }) => isOpen(shared)),
      settled: faults.filter(({ shared }) => !isOpen(shared)),
      fix: onlyOne(own.map(({ fix }) => fix)),
      docs: onlyOne(own.map(({ docs }) => docs)),
      sections: sections.get(check) ?? new Set(),
    };
  });
  return [...groups.filter(({ open }) => open.length > 0), ...groups.filter(({ open }) => open.length === 0)];
}

/** How many findings there are in all. */
export function numberOf(faults: readonly Fault[]): number {
  return faults.reduce((sum, { findings }) => sum + findings.length, 0);
}

/** What passed or does not apply is told in few words. */
export function isQuiet({ outcome }: Pick<ReportFinding, 'outcome'>): boolean {
  return outcome === 'pass' || outcome === 'not-applicable';
}

function sayingOf(finding: ReportFinding): string {
  const { outcome, severity, message, observed, expected, fix, docs, waiver } = finding;
  return JSON.stringify([
    outcome,
    severity,
    message,
    fix,
    docs,
    waiver,
    ...(isQuiet(finding) ? [] : [observed, expected]),
  ]);
}

function sharedOf(first: ReportFinding, same: readonly ReportFinding[]): ReportFinding {
  const { observed, expected, ...shared } = first;
  return {
    ...shared,
    ...(observed !== undefined && same.every((each) => each.observed === observed) ? { observed } : {}),
    ...(expected !== undefined && same.every((each) => each.expected === expected) ? { expected } : {}),
  };
}

function onlyOne(words: readonly (string | undefined)[]): string | undefined {
  const [only, ...more] = new Set(words.filter((word) => word !== undefined));
  return more.length === 0 ? only : undefined;
}
