import type { OneSided } from './pair-findings.ts';
import type { Report } from './report.ts';
import type { FindingChange, ItemFlip } from './report-diff.ts';

/** The items whose state is another one, or that only one report has, with the findings that made it so. */
export function itemFlips(
  before: Report,
  after: Report,
  changes: readonly FindingChange[],
  oneSided: readonly OneSided[],
): readonly ItemFlip[] {
  const old = new Map(before.items.map((item) => [item.id, item]));
  const now = new Map(after.items.map((item) => [item.id, item]));
  const changed = changes.filter(({ kind }) => kind !== 'moved' && kind !== 'message');
  const changedIds = new Set(changed.flatMap((change) => [change.before?.id, change.after?.id]));
  const answeredOnce = new Set(oneSided.map(({ check, source }) => `${check}@${source}`));
  const openIds = new Set(
    [...before.findings, ...after.findings]
      .filter(({ check, source, outcome }) => outcome !== 'not-applicable' && answeredOnce.has(`${check}@${source}`))
      .map(({ id }) => id),
  );
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((id) => {
    const [was, is] = [old.get(id), now.get(id)];
    const either = is ?? was;
    if (either === undefined || was?.state === is?.state) return [];
    const proofs = [...new Set([...(is?.findings ?? []), ...(was?.findings ?? [])])];
    return [
      {
        id,
        name: either.name,
        title: either.title,
        section: either.section,
        ...(was === undefined ? {} : { before: was.state }),
        ...(is === undefined ? {} : { after: is.state }),
        because: proofs.filter((proof) => changedIds.has(proof) || openIds.has(proof)),
      },
    ];
  });
}
