import { describe, expect, it } from 'vitest';
import { IMAGES } from './images/basic-images.ts';
import { useCluster } from './use-cluster.ts';

const cluster = useCluster();

describe.skipIf(cluster?.facts.tier !== 'node')('metrics of the test cluster', () => {
  if (cluster === undefined) return;

  it('let an autoscaler add pods under load', async () => {
    await cluster.startMetrics();
    const namespace = await cluster.createNamespace();
    await cluster.apply(JSON.stringify(OBJECTS), `--namespace=${namespace}`);
    const replicas = () =>
      cluster.kubectl('get', 'deployment/busy', '-o', 'jsonpath={.spec.replicas}', `--namespace=${namespace}`);
    expect(await replicas()).toBe('1');
    await cluster.until('the autoscaler has added a pod', namespace, async () => (await replicas()) === '2', 150_000);
    // The next file has the processors to itself.
    await cluster.kubectl('delete', 'namespace', namespace, '--wait=false');
  }, 600_000);
});

const OBJECTS = {
  apiVersion: 'v1',
  kind: 'List',
  items: [
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'busy' },
      spec: {
        selector: { matchLabels: { app: 'busy' } },
        template: {
          metadata: { labels: { app: 'busy' } },
          spec: {
            terminationGracePeriodSeconds: 1,
            containers: [
              {
                name: 'busy',
                image: IMAGES.busybox,
                command: ['sh', '-c', 'while :; do :; done'],
                resources: { requests: { cpu: '20m' }, limits: { cpu: '100m' } },
              },
            ],
          },
        },
      },
    },
    {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: 'busy' },
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'busy' },
        minReplicas: 1,
        maxReplicas: 2,
        metrics: [
          { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } } },
        ],
      },
    },
  ],
};
