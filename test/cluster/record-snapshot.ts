import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { createProject, prepareCluster, raise } from './scenarios/stage.ts';
import { startCluster } from './start-cluster.ts';
import { clusterOf } from './use-cluster.ts';

/**
 * Records docs/recorded/audit-snapshot.json anew, which the demo replays: a cluster of one node with an ingress controller and
 * cert-manager, what `init` writes applied to it, a backup, a restore drill, and `audit --save`.
 */
const snapshot = join(import.meta.dirname, '../../docs/recorded/audit-snapshot.json');
const { stop, ...facts } = await startCluster('node');
const cluster = clusterOf(facts);
const project = await createProject('qna', 'qna.example.com');
try {
  await prepareCluster(cluster);
  const stage = await raise(cluster, project);
  await stage.ready();
  await stage.runNow('qna-backup');
  await stage.runNow('qna-restore-drill');
  const { exitCode, report } = await stage.audit('--save', snapshot);
  for (const { id, state } of report.items) console.log(`${id} ${state}`);
  console.log(`audit ended with ${exitCode}; wrote ${snapshot}`);
} finally {
  rmSync(project.folder, { recursive: true, force: true });
  await stop();
}
// The pool of connections to the API server would hold the process open.
process.exit();
