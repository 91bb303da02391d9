import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Report } from '../../src/core/report.ts';
import { runCli } from '../cli/run-cli.ts';
import { createProject, prepareCluster, raise } from './scenarios/stage.ts';
import { startCluster } from './start-cluster.ts';
import { clusterOf } from './use-cluster.ts';

/**
 * Records docs/recorded/audit-snapshot.json.gz anew, which the demo replays: a cluster of one node with an ingress controller and
 * cert-manager, what `init` writes applied to it, a backup, a restore drill, and `audit --save`.
 */
const snapshot = join(import.meta.dirname, '../../docs/recorded/audit-snapshot.json.gz');
const { stop, ...facts } = await startCluster('node');
const cluster = clusterOf(facts);
const project = await createProject('qna', 'qna.example.com');
try {
  await prepareCluster(cluster);
  const stage = await raise(cluster, project);
  await stage.ready();
  await stage.runNow('qna-backup');
  await stage.runNow('qna-restore-drill');
  const edge = await stage.wayToEdge();
  const config = join(project.folder, 'qna-ready.config.yaml');
  // The kubeconfig is named by the environment, for the snapshot tells of one that is named by an option.
  const world = { env: { KUBECONFIG: cluster.kubeconfigFor('admin', project.namespace) } };
  const args = ['audit', '--save', snapshot, '--config', config, '--report', 'json', ...edge.args];
  const { exitCode, stdout } = await stage
    .atRest({ tells: 'Nothing is broken.' }, () => runCli(args, world))
    .finally(edge.close);
  for (const { id, state } of (JSON.parse(stdout) as Report).items) console.log(`${id} ${state}`);
  console.log(`audit ended with ${exitCode}; wrote ${snapshot}`);
} finally {
  rmSync(project.folder, { recursive: true, force: true });
  await stop();
}
// The pool of connections to the API server would hold the process open.
process.exit();
