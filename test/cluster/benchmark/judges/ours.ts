import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Report } from '../../../../src/core/report.ts';
import { probeStory } from '../../scenarios/raise-story.ts';
import type { Remark } from '../remark.ts';
import type { LiveJudge } from './judge.ts';
import { runJudge } from './run-judge.ts';

export const OURS = 'qna-ready';

/**
 * The program that is given, asked like everybody's; and after it `probe`, where a story is one that only the endpoints of the
 * service can tell.
 */
export async function ours(program: string): Promise<LiveJudge> {
  return {
    name: OURS,
    version: (await runJudge(process.execPath, [program, '--version'])).trim(),
    reads: 'cluster',
    asked: '`qna-ready audit`, against the cluster',
    async judge(stage, story) {
      const config = join(stage.folder, 'qna-ready.config.yaml');
      const kubeconfig = stage.cluster.kubeconfigFor('admin', stage.namespace);
      const edge = await stage.wayToEdge();
      const said = await runJudge(process.execPath, [
        program,
        ...['audit', '--kubeconfig', kubeconfig, '--report', 'json'],
        ...(existsSync(config) ? ['--config', config] : []),
        ...edge.args,
      ]).finally(edge.close);
      const audited = remarksOf(JSON.parse(said) as Report);
      if (story?.verdict.by !== 'probe') return audited;
      return [...audited, ...remarksOf((await probeStory(stage, story)).report)];
    },
  };
}

/** What a report of ours says against an application. */
export function remarksOf({ findings }: Report): readonly Remark[] {
  return findings
    .filter(({ outcome }) => outcome === 'fail')
    .map(({ check, subject, message, observed, severity }) => ({
      check,
      object: subject,
      words: observed === undefined ? message : `${message} (${observed})`,
      counts: severity !== 'note',
    }));
}
