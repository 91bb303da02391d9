import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../cli/temporary-folder.ts';
import { filesBelow, initialise, objectOf, objectsBelow } from './initialised.ts';

describe('the port', () => {
  it.each([8080, 9090, 65_535])('%d is the same in every file that init writes', async (port) => {
    const { folder } = await initialise(['--name', 'qna', '--port', String(port)]);
    const [container] = objectOf(folder, 'Deployment', 'qna').spec.template.spec.containers;
    expect(container.ports).toEqual([{ name: 'http', containerPort: port, protocol: 'TCP' }]);
    expect(objectOf(folder, 'ConfigMap', 'qna-config').data.PORT).toBe(String(port));
    expect(readFileSync(join(folder, 'Dockerfile'), 'utf8')).toMatch(new RegExp(`^EXPOSE ${port}$`, 'm'));
    expect(readFileSync(join(folder, 'Dockerfile'), 'utf8')).toContain(`PORT=${port}`);
  });

  it('is named by its name wherever a number would have to follow', async () => {
    const { folder } = await initialise(['--name', 'qna', '--monitoring', 'operator']);
    const [container] = objectOf(folder, 'Deployment', 'qna').spec.template.spec.containers;
    for (const probe of ['startupProbe', 'livenessProbe', 'readinessProbe'])
      expect(container[probe].httpGet.port).toBe('http');
    expect(objectOf(folder, 'Service', 'qna').spec.ports[0]).toMatchObject({ port: 80, targetPort: 'http' });
    expect(objectOf(folder, 'Ingress', 'qna').spec.rules[0].http.paths[0].backend.service.port).toEqual({
      name: 'http',
    });
    expect(objectOf(folder, 'ServiceMonitor', 'qna').spec.endpoints[0].port).toBe('http');
    expect(objectOf(folder, 'NetworkPolicy', 'qna').spec.ingress[0].ports[0].port).toBe('http');
  });

  it('comes from the Dockerfile where nobody names one, from its last stage', async () => {
    const folder = temporaryFolder({
      Dockerfile: 'FROM node:24 AS build\nEXPOSE 3000\nFROM node:24\nENV PORT=7070\nEXPOSE 7070/tcp\n',
    });
    await initialise(['--name', 'qna'], folder);
    expect(objectOf(folder, 'ConfigMap', 'qna-config').data.PORT).toBe('7070');
  });

  it('is scraped where the annotations say, and there are none where an operator scrapes', async () => {
    const annotated = await initialise(['--name', 'qna', '--port', '9090']);
    expect(objectOf(annotated.folder, 'Deployment', 'qna').spec.template.metadata.annotations).toMatchObject({
      'prometheus.io/scrape': 'true',
      'prometheus.io/port': '9090',
      'prometheus.io/path': '/metrics',
    });
    const operated = await initialise(['--name', 'qna', '--monitoring', 'operator']);
    expect(
      Object.keys(objectOf(operated.folder, 'Deployment', 'qna').spec.template.metadata.annotations).filter((key) =>
        key.startsWith('prometheus.io/'),
      ),
    ).toEqual([]);
  });
});

describe('the set', () => {
  it('names in its kustomization every manifest but the secrets, and what is applied by hand', async () => {
    for (const monitoring of ['annotations', 'operator']) {
      const { folder } = await initialise(['--monitoring', monitoring]);
      const kustomization = objectsBelow(folder).find(({ path }) => path === 'k8s/kustomization.yaml')?.object;
      const manifests = [...filesBelow(folder).keys()]
        .filter((path) => path.startsWith('k8s/') && path.endsWith('.yaml'))
        .map((path) => path.slice('k8s/'.length))
        .filter((path) => !BY_HAND.includes(path));
      expect([...kustomization.resources].sort()).toEqual(manifests);
    }
  });

  it('takes its name from package.json, and else from its folder', async () => {
    const folder = temporaryFolder({ 'package.json': '{"name": "@team/Answer_Bot"}' });
    await initialise([], folder);
    expect(objectOf(folder, 'Deployment', 'answer-bot').metadata.namespace).toBe('answer-bot');
  });

  it('asks nothing of an image that the major version of the database does not keep', async () => {
    const eighteen = await initialise(['--name', 'qna']);
    expect(dataMountOf(eighteen.folder)).toBe('/var/lib/postgresql');
    const seventeen = await initialise(['--name', 'qna', '--set', 'databaseMajor=17']);
    expect(dataMountOf(seventeen.folder)).toBe('/var/lib/postgresql/data');
  });
});

const BY_HAND: readonly string[] = [
  'secrets.yaml',
  'secrets.example.yaml',
  'backup/restore.yaml',
  'kustomization.yaml',
];

function dataMountOf(folder: string): string {
  const { containers } = objectOf(folder, 'StatefulSet', 'qna-postgres').spec.template.spec;
  return containers[0].volumeMounts.find(({ name }: { name: string }) => name === 'data').mountPath;
}
