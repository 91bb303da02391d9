import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SCHEMA_VERSIONS } from '../../src/core/api-schemas.ts';
import { schemasFor } from '../../src/sources/files/api-schemas.ts';
import { KUBERNETES_VERSIONS } from '../cluster/kubernetes-versions.ts';

const FOLDER = join(import.meta.dirname, '../../schemas/kubernetes');
const MAX_BYTES = 5 * 1024 * 1024;

describe('the schemas that are shipped', () => {
  it('are of the versions that the test cluster builds', () => {
    expect(SCHEMA_VERSIONS).toEqual(KUBERNETES_VERSIONS);
  });

  it('take little room in the package', () => {
    const sizes = readdirSync(FOLDER).map((name) => statSync(join(FOLDER, name)).size);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(MAX_BYTES);
  });

  it.each(SCHEMA_VERSIONS)('know for Kubernetes %s what services use', async (kubernetes) => {
    const schemas = await schemasFor([], { kubernetes, cwd: '/' });
    for (const [apiVersion, kind] of [
      ['apps/v1', 'Deployment'],
      ['v1', 'Service'],
      ['batch/v1', 'CronJob'],
      ['cert-manager.io/v1', 'ClusterIssuer'],
      ['gateway.networking.k8s.io/v1', 'HTTPRoute'],
      ['monitoring.coreos.com/v1', 'ServiceMonitor'],
      ['snapshot.storage.k8s.io/v1', 'VolumeSnapshot'],
    ] as const)
      expect(schemas.schemaOf(apiVersion, kind), `${kind} of ${apiVersion}`).toBeDefined();
  });

  it('tell which versions of a kind there are', async () => {
    const schemas = await schemasFor([], { cwd: '/' });
    expect(schemas.versionsOf('autoscaling', 'HorizontalPodAutoscaler')).toEqual(['autoscaling/v2', 'autoscaling/v1']);
    expect(schemas.versionsOf('example.test', 'Prompt')).toEqual([]);
  });

  it('never read a file that a group only pretends to name', async () => {
    const schemas = await schemasFor([], { cwd: '/' });
    expect(schemas.schemaOf('../configuration-v1.schema/v1', 'Configuration')).toBeUndefined();
  });

  it('evaluate the rules of custom resources, and say where they cannot', async () => {
    const route = { apiVersion: 'gateway.networking.k8s.io/v1', kind: 'HTTPRoute' };
    const { evaluateRule } = await schemasFor([route], { cwd: '/' });
    expect(evaluateRule('self.all(item, item.port > 80)', [{ port: 81n }])).toBe(true);
    expect(evaluateRule('has(self[0].port) && self[0].port == 80', [{ port: 81n }])).toBe(false);
    expect(evaluateRule('self.missing == 1', {})).toBe(false);
    expect(evaluateRule('isIP(self)', '10.0.0.1')).toBeUndefined();
    expect(evaluateRule('self ===', '')).toBeUndefined();
  });
});
