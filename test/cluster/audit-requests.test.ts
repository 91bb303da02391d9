import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Report } from '../../src/core/report.ts';
import { DEPLOYMENT } from '../cli/manifests.ts';
import { runCli } from '../cli/run-cli.ts';
import { startFaultProxy } from './faults/fault-proxy.ts';
import { kubeconfig } from './kubeconfig.ts';
import { useCluster } from './use-cluster.ts';

const cluster = useCluster();
const MANY = 1_200;
const PAGE = 500;

describe.skipIf(cluster === undefined || cluster.facts.tier === 'given')('the requests of an audit', () => {
  if (cluster === undefined) return;

  it('are one for each 500 objects of a kind, and two to know what the server has', async () => {
    const namespace = await cluster.createNamespace();
    await cluster.apply(DEPLOYMENT, `--namespace=${namespace}`);
    await makeConfigMaps(namespace);
    const proxy = await startFaultProxy(cluster.facts, []);
    try {
      const file = join(cluster.facts.folder, `${randomUUID()}.kubeconfig`);
      const token = cluster.facts.tokens.admin ?? '';
      writeFileSync(file, kubeconfig({ ...cluster.facts, server: proxy.url }, { token }, namespace), { mode: 0o600 });
      const { stdout } = await runCli(['audit', '--kubeconfig', file, '--report', 'json', '--skip', 'logs']);
      const seen = (JSON.parse(stdout) as Report).sources[0]?.seen.configMaps ?? 0;
      expect(seen).toBeGreaterThanOrEqual(MANY);
      const lists = Map.groupBy(proxy.asked, (path) => path.split('?')[0] ?? '');
      expect(lists.get(`/api/v1/namespaces/${namespace}/configmaps`)).toHaveLength(Math.ceil(seen / PAGE));
      const others = [...lists].filter(([path]) => !path.endsWith('/configmaps'));
      expect(others.filter(([, asked]) => asked.length > 1)).toEqual([]);
      expect(
        others
          .map(([path]) => path)
          .filter((path) => !/^\/apis?\/.*v\d/.test(path))
          .toSorted(),
      ).toEqual(['/apis', '/version']);
    } finally {
      await proxy.close();
    }
  });

  async function makeConfigMaps(namespace: string): Promise<void> {
    const numbers = Array.from({ length: MANY }, (_, index) => index).values();
    await Promise.all(
      Array.from({ length: 20 }, async () => {
        for (const number of numbers) {
          const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: `settings-${number}` }, data: {} };
          const answer = await cluster?.request('POST', `/api/v1/namespaces/${namespace}/configmaps`, object);
          expect(answer?.status).toBe(201);
        }
      }),
    );
  }
});
