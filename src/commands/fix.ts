import { resolve } from 'node:path';
import { SECTIONS } from '../checklist/index.ts';
import type { Check } from '../core/check.ts';
import type { Snapshot } from '../core/facts.ts';
import { NO_WAIVERS, waiversOfAnnotations } from '../core/inline-waiver.ts';
import type { Mend } from '../core/mend.ts';
import { type ReportFinding, toFindings } from '../core/report.ts';
import { judgeChecks } from '../core/run-checks.ts';
import { applyWaivers } from '../core/waiver.ts';
import { editYaml } from '../sources/files/edit-yaml.ts';
import { readInput } from '../sources/files/files-source.ts';
import { replaceFile } from '../sources/files/replace-file.ts';
import type { Io } from './io.ts';
import type { Policy } from './policy.ts';

/** What the changes of all failures come to. */
export interface Fixes {
  /** By the file as a person names it: what it holds, and what it is to hold. */
  readonly files: ReadonlyMap<string, { readonly before: string; readonly text: string }>;
  readonly mended: readonly ReportFinding[];
  /** Failures that could be mended, were they written otherwise. */
  readonly refused: readonly { readonly finding: ReportFinding; readonly why: string }[];
}

/** Makes the changes that mend failures which nobody has waived, in the texts of their files. Writes nothing. */
export function planFixes(snapshot: Snapshot, checks: readonly Check[], policy: Policy, io: Io): Fixes {
  const files = new Map<string, { readonly before: string; text: string }>();
  const mended: ReportFinding[] = [];
  const refused: { finding: ReportFinding; why: string }[] = [];
  for (const { finding, mend } of mendable(snapshot, checks, policy, io)) {
    const outcome = apply(mend, files, io.cwd);
    if (outcome === undefined) mended.push(finding);
    else refused.push({ finding, why: outcome });
  }
  return { files, mended, refused };
}

/** Failures with what mends them, one after the other as they were found. */
function mendable(snapshot: Snapshot, checks: readonly Check[], policy: Policy, io: Io) {
  const judged = [...judgeChecks(checks, [snapshot], policy.settings)];
  const inline = [snapshot.comments ?? NO_WAIVERS, waiversOfAnnotations(snapshot)].flatMap(({ waivers }) => waivers);
  const findings = applyWaivers(toFindings(judged, SECTIONS), [...policy.waivers, ...inline], io.now(), (id) =>
    checks.some((check) => check.id === id),
  );
  return judged
    .flatMap(({ verdicts }) => verdicts)
    .flatMap(({ mend }, index) => {
      const finding = findings[index];
      return mend === undefined || finding?.outcome !== 'fail' ? [] : [{ finding, mend }];
    });
}

/** Why the changes were not made: the end of a sentence. All of one failure are made, or none. */
function apply(
  { resource, changes }: Mend,
  files: Map<string, { readonly before: string; text: string }>,
  cwd: string,
): string | undefined {
  const { origin } = resource;
  if (origin === undefined) return 'it was rendered, and does not stand in a file as it is';
  if (origin.file === '<stdin>') return 'it came from standard input';
  const before = files.get(origin.file)?.before ?? readInput(resolve(cwd, origin.file));
  let text = files.get(origin.file)?.text ?? before;
  for (const change of changes) {
    const path = [...origin.path, ...change.path];
    const edited = editYaml(text, { document: origin.document, change: { ...change, path } });
    if ('refused' in edited) return edited.refused;
    text = edited.text;
  }
  files.set(origin.file, { before, text });
  return undefined;
}

/** Writes the files, each at one go. */
export function writeFixes({ files }: Fixes, cwd: string): void {
  for (const [file, { text }] of files) replaceFile(resolve(cwd, file), text);
}

/** What was done, for whoever reads along. */
export function tellFixes({ files, mended, refused }: Fixes, isDryRun: boolean): string {
  const lines = [
    ...mended.map(({ check, subject }) => `${isDryRun ? 'would mend' : 'mended'} ${check} ${subject}`),
    ...refused.map(({ finding, why }) => `left ${finding.check} ${finding.subject}: ${why}`),
    `${mended.length} failure${mended.length === 1 ? '' : 's'} ${isDryRun ? 'would be' : 'were'} mended in ${files.size} file${files.size === 1 ? '' : 's'}.`,
  ];
  return `${lines.join('\n')}\n`;
}
