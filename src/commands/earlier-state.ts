import { readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import type { EarlierState } from '../core/only-new.ts';
import type { ReportFinding } from '../core/report.ts';
import type { EarlierTree } from '../sources/files/earlier-tree.ts';
import type { MergeBase } from '../sources/files/merge-base.ts';
import { placeOf } from './places-in-repository.ts';

/** What was found in the tree of a commit, in a form that the findings of today can be held against. */
export function earlierState(
  base: MergeBase,
  tree: EarlierTree,
  findings: readonly ReportFinding[],
  cwd: string,
): EarlierState {
  const thenOf = (file: string) => tree.renamed.get(file) ?? file;
  const nowOf = new Map([...tree.renamed].map(([now, then]) => [then, now] as const));
  const cwdThen = join(tree.folder, placeOf(base, '.', cwd) ?? '');
  const changed = new Map<string, boolean>();
  return {
    name: base.name,
    findings: findings.map((finding) => ({
      ...finding,
      message: finding.message.replaceAll(tree.folder, base.root),
    })),
    subjectOf({ subject, where }, state) {
      if (where === undefined || !('file' in where) || !subject.startsWith(where.file)) return subject;
      const file =
        state === 'now'
          ? relative(base.root, resolve(cwd, where.file))
          : relative(tree.folder, resolve(cwdThen, where.file));
      // Some are told by their place, and a line that is put in above moves that.
      const part = subject.slice(where.file.length).replace(/^(?::\d+){2}$/, '');
      return (state === 'now' ? file : (nowOf.get(file) ?? file)) + part;
    },
    isChanged(file) {
      const known = changed.get(file);
      if (known !== undefined) return known;
      const now = relative(base.root, resolve(cwd, file));
      const differs = !sameBytes(join(base.root, now), join(tree.folder, thenOf(now)));
      changed.set(file, differs);
      return differs;
    },
  };
}

function sameBytes(a: string, b: string): boolean {
  try {
    return readFileSync(a).equals(readFileSync(b));
  } catch {
    return false;
  }
}
