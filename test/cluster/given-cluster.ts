import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kubernetesBinary } from './binaries.ts';
import type { RunningCluster } from './cluster-facts.ts';
import { DEFAULT_KUBERNETES } from './kubernetes-versions.ts';

interface View {
  readonly clusters?: readonly {
    readonly cluster: { readonly server: string; readonly 'certificate-authority-data'?: string };
  }[];
  readonly users?: readonly { readonly user?: { readonly token?: string } }[];
}

/** A cluster that somebody else runs; nothing is started, and only the tests' own namespaces are touched. */
export async function givenCluster(file: string): Promise<RunningCluster> {
  const kubectl =
    spawnSync('kubectl', ['version', '--client']).status === 0
      ? ['kubectl']
      : [await kubernetesBinary(DEFAULT_KUBERNETES), 'kubectl'];
  const [program = '', ...first] = kubectl;
  const view = JSON.parse(
    execFileSync(
      program,
      [...first, 'config', 'view', '--raw', '--minify', '--flatten', '-o', 'json', `--kubeconfig=${file}`],
      { encoding: 'utf8' },
    ),
  ) as View;
  const cluster = view.clusters?.[0]?.cluster;
  const token = view.users?.[0]?.user?.token;
  const folder = mkdtempSync(join(tmpdir(), 'qna-ready-given-'));
  return {
    tier: 'given',
    kubernetes: undefined,
    server: cluster?.server ?? '',
    ca: Buffer.from(cluster?.['certificate-authority-data'] ?? '', 'base64').toString(),
    adminKubeconfig: file,
    kubectl,
    folder,
    tokens: token === undefined ? {} : { admin: token },
    expired: undefined,
    node: undefined,
    stop: async () => rmSync(folder, { recursive: true, force: true }),
  };
}
