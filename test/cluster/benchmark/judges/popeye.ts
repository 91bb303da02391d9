import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { popeyeBinary } from '../../binaries.ts';
import type { Stage } from '../../scenarios/stage.ts';
import type { Remark } from '../remark.ts';
import type { LiveJudge } from './judge.ts';
import { pinnedVersion } from './pinned-version.ts';
import { runJudge } from './run-judge.ts';

export async function popeye(): Promise<LiveJudge> {
  const program = await popeyeBinary();
  return {
    name: 'Popeye',
    version: pinnedVersion('popeye', 'github.com/derailed/popeye'),
    reads: 'cluster',
    asked: '`popeye -n NAMESPACE -o json`, against the cluster',
    judge: async (stage) => remarksOf(await scan(program, stage), stage.namespace),
  };
}

/** It writes a log and keeps files of its own wherever it is told to. */
async function scan(program: string, { cluster, namespace }: Stage): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'qna-popeye-'));
  try {
    const where = ['--kubeconfig', cluster.kubeconfigFor('admin', namespace), '--namespace', namespace];
    const how = ['--out', 'json', '--lint', 'info', '--force-exit-zero', '--logs', join(folder, 'popeye.log')];
    return await runJudge(program, [...where, ...how], { HOME: folder, XDG_CONFIG_HOME: folder });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Report {
  readonly popeye: {
    readonly sections?: readonly {
      readonly linter: string;
      readonly gvr: string;
      /** By namespace and name; objects of the whole cluster have a name only. */
      readonly issues?: Readonly<Record<string, readonly Issue[]>>;
    }[];
    readonly errors?: unknown;
  };
}

interface Issue {
  /** The container, or `__root__`. */
  readonly group: string;
  readonly level: number;
  /** Begins with the code: `[POP-204] Pod is not ready [0/1]`. */
  readonly message: string;
}

const WARNING = 2;

/** What it says of the objects of a namespace; what it says of the whole cluster is about everybody in it. */
export function remarksOf(json: string, namespace: string): readonly Remark[] {
  const { popeye: report } = JSON.parse(json) as Report;
  return (report.sections ?? []).flatMap(({ linter, issues = {} }) =>
    Object.entries(issues)
      .filter(([name]) => name.startsWith(`${namespace}/`))
      .flatMap(([name, said]) =>
        said
          .filter(({ level }) => level > 0)
          .map(({ group, level, message }): Remark => {
            const [, check = '', words = message] = /^\[(POP-\d+)\] (.*)$/s.exec(message) ?? [];
            const container = group === '__root__' ? '' : ` container ${group}`;
            return {
              check,
              object: `${linter} ${name.slice(namespace.length + 1)}${container}`,
              words,
              counts: level >= WARNING,
            };
          }),
      ),
  );
}
