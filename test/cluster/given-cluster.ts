import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunningCluster } from './control-plane.ts';

/** A cluster that somebody else runs; nothing is started, and only the tests' own namespaces are touched. */
export function givenCluster(file: string): RunningCluster {
  const folder = mkdtempSync(join(tmpdir(), 'qna-ready-cluster-'));
  const view = JSON.parse(
    execFileSync(
      'kubectl',
      ['config', 'view', '--raw', '--minify', '--flatten', '-o', 'json', `--kubeconfig=${file}`],
      { encoding: 'utf8' },
    ),
  ) as {
    readonly clusters: readonly {
      readonly cluster: { readonly server: string; readonly 'certificate-authority-data'?: string };
    }[];
  };
  const cluster = view.clusters[0]?.cluster;
  return {
    tier: 'given',
    server: cluster?.server ?? '',
    ca: Buffer.from(cluster?.['certificate-authority-data'] ?? '', 'base64').toString(),
    adminKubeconfig: file,
    kubectl: ['kubectl'],
    folder,
    tokens: {},
    expired: undefined,
    stop: async () => rmSync(folder, { recursive: true, force: true }),
  };
}
