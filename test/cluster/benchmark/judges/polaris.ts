import type { Remark } from '../remark.ts';
import type { LiveJudge } from './judge.ts';
import { runJudge } from './run-judge.ts';

/** Polaris as the PATH has it; undefined where it has none. */
export async function polaris(): Promise<LiveJudge | undefined> {
  const said = await runJudge('polaris', ['version']).catch(() => undefined);
  if (said === undefined) return undefined;
  return {
    name: 'Polaris',
    version: /\d+\.\d+\.\d+/.exec(said)?.[0] ?? said.trim(),
    reads: 'cluster',
    asked: '`polaris audit --namespace NAMESPACE`, against the cluster',
    judge: async ({ cluster, namespace }) =>
      remarksOf(
        await runJudge('polaris', ['audit', '--namespace', namespace, '--format', 'json'], {
          KUBECONFIG: cluster.kubeconfigFor('admin', namespace),
        }),
        namespace,
      ),
  };
}

type ResultSet = Readonly<
  Record<string, { readonly Message: string; readonly Success: boolean; readonly Severity: string }>
>;

interface Report {
  readonly Results?: readonly {
    readonly Kind: string;
    readonly Name: string;
    readonly Namespace: string;
    readonly Results?: ResultSet | null;
    readonly PodResult?: {
      readonly Results?: ResultSet | null;
      readonly ContainerResults?: readonly { readonly Name: string; readonly Results?: ResultSet | null }[] | null;
    } | null;
  }[];
}

/** What it says of a namespace; it walks the workloads of all of them, whichever it is told. */
export function remarksOf(json: string, namespace: string): readonly Remark[] {
  const { Results: results = [] } = JSON.parse(json) as Report;
  const mine = results.filter(({ Namespace }) => Namespace === namespace);
  return mine.flatMap(({ Kind, Name, Results, PodResult }) => {
    const object = `${Kind} ${Name}`;
    return [
      ...failuresIn(Results, object),
      ...failuresIn(PodResult?.Results, object),
      ...(PodResult?.ContainerResults ?? []).flatMap((container) =>
        failuresIn(container.Results, `${object} container ${container.Name}`),
      ),
    ];
  });
}

function failuresIn(results: ResultSet | null | undefined, object: string): readonly Remark[] {
  return Object.entries(results ?? {})
    .filter(([, { Success }]) => !Success)
    .map(([check, { Message: words }]) => ({ check, object, words, counts: true }));
}
