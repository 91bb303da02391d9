import { kubeScoreBinary } from '../../binaries.ts';
import type { Remark } from '../remark.ts';
import { type FileJudge, oneByOne } from './judge.ts';
import { pinnedVersion } from './pinned-version.ts';
import { runJudge } from './run-judge.ts';

export async function kubeScore(): Promise<FileJudge> {
  const program = await kubeScoreBinary();
  return {
    name: 'kube-score',
    version: pinnedVersion('kube-score', 'github.com/zegl/kube-score'),
    reads: 'files',
    asked: '`kube-score score`, over the exported objects',
    judge: (files) =>
      oneByOne(files, async (file) => remarksOf(await runJudge(program, ['score', '--output-format', 'json', file]))),
  };
}

interface Scored {
  readonly type_meta: { readonly kind?: string };
  readonly object_meta: { readonly name?: string };
  readonly checks?: readonly {
    readonly check: { readonly id: string; readonly name: string };
    /** 10 is all right, 7 almost; 5 is a warning, 1 critical. */
    readonly grade: number;
    readonly skipped: boolean;
    readonly comments?: readonly { readonly path: string; readonly summary: string }[] | null;
  }[];
}

const ALMOST = 7;

export function remarksOf(json: string): readonly Remark[] {
  return (JSON.parse(json) as readonly Scored[]).flatMap(
    ({ type_meta: { kind }, object_meta: { name }, checks = [] }) =>
      checks
        .filter(({ grade, skipped }) => !skipped && grade < ALMOST)
        .flatMap(({ check, comments }) =>
          (comments?.length ? comments : [{ path: '', summary: check.name }]).map(({ path, summary }) => ({
            check: check.id,
            object: `${kind} ${name}${path === '' ? '' : ` ${path}`}`,
            words: summary,
            counts: true,
          })),
        ),
  );
}
