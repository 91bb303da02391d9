import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from '../cli/run-cli.ts';
import { publishImage } from './images/image-store.ts';
import { postgresImage } from './images/postgres-image.ts';
import { serviceImage } from './images/service-image.ts';
import { runKubectl } from './run-kubectl.ts';
import { startCluster } from './start-cluster.ts';
import { until } from './until.ts';

/**
 * Records docs/recorded/audit-snapshot.json anew, which the demo replays: a cluster of one node, what `init` writes applied to
 * it, and `audit --save`. The cluster has no ingress controller and no cert-manager, and the audit says so.
 */
const ROOT = join(import.meta.dirname, '../..');
const NAMESPACE = 'qna';
const IMAGE = 'ghcr.io/example/qna:0.1.0';
const cluster = await startCluster('node');
const folder = mkdtempSync(join(tmpdir(), 'qna-ready-record-'));
const kubectl = (...args: readonly string[]) => runKubectl(cluster, args);
try {
  await runCli([
    'init',
    folder,
    '--name',
    'qna',
    '--namespace',
    NAMESPACE,
    '--host',
    'qna.example.com',
    '--image',
    IMAGE,
  ]);
  const store = cluster.node?.imageStore ?? '';
  publishImage(store, IMAGE, await serviceImage());
  publishImage(store, databaseImage(), await postgresImage());
  const secrets = join(folder, 'k8s/secrets.yaml');
  // Any value will do: nobody calls the provider here.
  writeFileSync(secrets, readFileSync(secrets, 'utf8').replace(/OPENAI_API_KEY: .*/, 'OPENAI_API_KEY: not-a-real-key'));
  await kubectl('apply', '-f', join(folder, 'k8s/namespace.yaml'), '-f', secrets);
  // The kinds of cert-manager are refused here, and the rest is applied.
  await kubectl('apply', '-k', join(folder, 'k8s')).catch((error: unknown) =>
    console.error(String(error).split('\n')[1]),
  );
  for (const workload of ['statefulset/qna-postgres', 'deployment/qna'])
    await kubectl('rollout', 'status', workload, '-n', NAMESPACE, '--timeout=180s').catch(explain);
  for (const job of ['backup', 'restore-drill']) await runOnce(job).catch(explain);
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

function databaseImage(): string {
  const manifest = readFileSync(join(folder, 'k8s/postgres.yaml'), 'utf8');
  return /image: (\S+)/.exec(manifest)?.[1] ?? '';
}

/** Lets a CronJob run by its own clock for once, so that it is known to have succeeded. */
async function runOnce(name: string): Promise<void> {
  const patch = (schedule: string) =>
    kubectl(
      'patch',
      'cronjob',
      `qna-${name}`,
      '-n',
      NAMESPACE,
      '--type=merge',
      `--patch={"spec":{"schedule":"${schedule}"}}`,
    );
  const before = await kubectl('get', 'cronjob', `qna-${name}`, '-n', NAMESPACE, '-o', 'jsonpath={.spec.schedule}');
  await patch('* * * * *');
  const succeeded = () =>
    kubectl('get', 'cronjob', `qna-${name}`, '-n', NAMESPACE, '-o', 'jsonpath={.status.lastSuccessfulTime}');
  try {
    await until(`the ${name} has succeeded`, async () => (await succeeded()) !== '', 150_000);
  } finally {
    await patch(before);
  }
}

async function explain(error: unknown): Promise<void> {
  console.error(String(error).split('\n').slice(0, 3).join('\n'));
  console.error(await kubectl('get', 'pods,jobs', '-n', NAMESPACE, '-o', 'wide'));
  console.error(await kubectl('get', 'events', '-n', NAMESPACE, '--field-selector=type=Warning'));
  console.error(
    await kubectl(
      'logs',
      '-n',
      NAMESPACE,
      '-l',
      'app.kubernetes.io/part-of=qna',
      '--tail=20',
      '--all-containers',
    ).catch(String),
  );
}
