import type { Remark } from '../remark.ts';
import { type FileJudge, oneByOne } from './judge.ts';
import { runJudge } from './run-judge.ts';

// One check would download the schemas of objects; the API server has held them to those already.
const HOW = ['--add-all-built-in', '--exclude', 'schema-validation'];

/** kube-linter as the PATH has it; undefined where it has none. */
export async function kubeLinter(): Promise<FileJudge | undefined> {
  const said = await runJudge('kube-linter', ['version']).catch(() => undefined);
  if (said === undefined) return undefined;
  return {
    name: 'kube-linter',
    version: said.trim(),
    reads: 'files',
    asked: '`kube-linter lint --add-all-built-in --exclude schema-validation`, over the exported objects',
    judge: (files) =>
      oneByOne(files, async (file) =>
        remarksOf(await runJudge('kube-linter', ['lint', ...HOW, '--format', 'json', file])),
      ),
  };
}

interface Report {
  readonly Reports?:
    | readonly {
        readonly Check: string;
        readonly Diagnostic: { readonly Message: string };
        readonly Object: {
          readonly K8sObject: { readonly Name: string; readonly GroupVersionKind: { readonly Kind: string } };
        };
      }[]
    | null;
}

export function remarksOf(json: string): readonly Remark[] {
  return ((JSON.parse(json) as Report).Reports ?? []).map(({ Check, Diagnostic, Object: { K8sObject } }) => ({
    check: Check,
    object: `${K8sObject.GroupVersionKind.Kind} ${K8sObject.Name}`,
    words: Diagnostic.Message,
    counts: true,
  }));
}
