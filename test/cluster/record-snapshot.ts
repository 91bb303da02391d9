import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from '../cli/run-cli.ts';
import { runKubectl } from './run-kubectl.ts';
import { startCluster } from './start-cluster.ts';
import { chooseTier } from './tier.ts';
import { until } from './until.ts';

/**
 * Records docs/recorded/audit-snapshot.json anew, which the demo replays: a cluster of the best tier that this machine can
 * have, with what `init` writes applied to it, observed by `audit --save`.
 */
const ROOT = join(import.meta.dirname, '../..');
const NAMESPACE = 'qna';
const { tier, says } = chooseTier(process.env);
if (tier === undefined) throw new Error(says);
console.error(`cluster: ${says}`);
const cluster = await startCluster(tier);
const folder = mkdtempSync(join(tmpdir(), 'qna-ready-record-'));
try {
  await runCli(['init', folder, '--name', 'qna', '--namespace', NAMESPACE, '--host', 'qna.example.com']);
  const secrets = join(folder, 'k8s/secrets.yaml');
  writeFileSync(secrets, readFileSync(secrets, 'utf8').replace(/OPENAI_API_KEY: .*/, 'OPENAI_API_KEY: not-a-real-key'));
  await runKubectl(cluster, ['apply', '-f', join(folder, 'k8s/namespace.yaml'), '-f', secrets]);
  // Where a cluster lacks cert-manager its kinds are refused and the rest is applied; audit then says what is missing.
  await runKubectl(cluster, ['apply', '-k', join(folder, 'k8s')]).catch((error: unknown) =>
    console.error(String(error).split('\n')[0]),
  );
  const pods = async () =>
    (await runKubectl(cluster, ['get', 'pods', '-n', NAMESPACE, '-o', 'name'])).trim().split('\n').length;
  await until('the pods exist', async () => (await pods()) >= 3, 60_000);
  const { exitCode, stdout, stderr } = await runCli([
    'audit',
    ...['--kubeconfig', cluster.adminKubeconfig, '--namespace', NAMESPACE],
    ...['--config', join(folder, 'qna-ready.config.yaml')],
    ...['--save', join(ROOT, 'docs/recorded/audit-snapshot.json')],
  ]);
  console.log(`${stderr}${stdout}(exit code ${exitCode})`);
} finally {
  rmSync(folder, { recursive: true, force: true });
  await cluster.stop();
}
