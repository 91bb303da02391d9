import { describe, expect, it } from 'vitest';

import { until } from './until.ts';
import { useCluster } from './use-cluster.ts';

const cluster = useCluster();

describe.skipIf(cluster === undefined)('the test cluster', () => {
  if (cluster === undefined) return;

  it('is a real Kubernetes that knows its version', async () => {
    const { serverVersion } = JSON.parse(await cluster.kubectl('version', '-o', 'json')) as {
      serverVersion: { gitVersion: string };
    };
    expect(serverVersion.gitVersion).toMatch(/^v1\.3\d+\.\d+$/);
  });

  it('refuses what is wrong in an object, with every cause and its field', async () => {
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'x' },
      spec: { containers: [{ name: 'c', image: 'i', imagePullPolicy: 'always', ports: [{ containerPort: 99999 }] }] },
    };
    const { status, body } = await cluster.request(
      'POST',
      '/api/v1/namespaces/default/pods?dryRun=All&fieldValidation=Strict',
      pod,
    );
    expect(status).toBe(422);
    expect(JSON.stringify(body)).toContain('spec.containers[0].ports[0].containerPort');
    expect(JSON.stringify(body)).toContain('spec.containers[0].imagePullPolicy');
  });

  it.skipIf(cluster.facts.tier === 'given')('lets a user see only what its role allows', async () => {
    const namespace = await cluster.createNamespace();
    await cluster.kubectl('create', 'role', 'reader', '--verb=list', '--resource=pods', `--namespace=${namespace}`);
    await cluster.kubectl(
      'create',
      'rolebinding',
      'reader',
      '--role=reader',
      '--user=auditor',
      `--namespace=${namespace}`,
    );
    await until(
      'the role is in force',
      async () =>
        (await cluster.kubectl('auth', 'can-i', 'list', 'pods', '--as=auditor', `--namespace=${namespace}`)).startsWith(
          'yes',
        ),
      10_000,
    );
    await expect(cluster.kubectl('get', 'secrets', '--as=auditor', `--namespace=${namespace}`)).rejects.toThrow(
      /forbidden/,
    );
  });

  it('runs its controllers: a Deployment gets its pods', async () => {
    const namespace = await cluster.createNamespace();
    await cluster.kubectl(
      'create',
      'deployment',
      'x',
      '--image=example/x:1',
      '--replicas=2',
      `--namespace=${namespace}`,
    );
    const pods = async () =>
      (await cluster.kubectl('get', 'pods', '-o', 'name', `--namespace=${namespace}`)).trim().split('\n').length;
    await until('two pods exist', async () => (await pods()) === 2, 30_000);
  });
});
