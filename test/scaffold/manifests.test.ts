import { beforeAll, describe, expect, it } from 'vitest';
import { completeAnswers, type GivenAnswers, parseAssignment } from '../../src/scaffold/answers.ts';
import { renderSet } from '../../src/scaffold/render.ts';
import { runCli } from '../cli/run-cli.ts';
import { temporaryFolder } from '../cli/temporary-folder.ts';
import { containersOf, objectOf, type Plain, PROFILES, podsOf, readYaml } from './scaffolded.ts';

const VOLUMES_OF_RESTRICTED = [
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'persistentVolumeClaim',
  'projected',
  'secret',
];

describe.each(Object.entries(PROFILES))('the manifests of %s', (_profile, args) => {
  let objects: readonly Plain[];
  let texts: ReadonlyMap<string, string>;
  let name: string;
  let port: number;

  beforeAll(() => {
    const answers = completeAnswers(given(args));
    ({ name, port } = answers);
    const set = renderSet(answers, () => undefined, {});
    texts = new Map(set.map(({ path, text }) => [path, text]));
    objects = set.filter(({ path }) => path.startsWith('k8s/')).flatMap(({ text }) => readYaml(text));
  });

  it('are read alike by YAML 1.1 and 1.2', () => {
    for (const [path, text] of texts)
      if (path.endsWith('.yaml')) expect(readYaml(text, '1.1')).toEqual(readYaml(text, '1.2'));
  });

  it('carry no trace of the template', () => {
    for (const text of texts.values()) expect(text).not.toMatch(/\$\{|qna:if/);
  });

  it('satisfy the restricted level of Pod Security in every pod', () => {
    expect(podsOf(objects).map((pod) => pod.name)).toHaveLength(5);
    for (const pod of podsOf(objects)) {
      const { spec } = pod.template;
      expect(spec.securityContext, pod.name).toMatchObject({
        runAsNonRoot: true,
        seccompProfile: { type: 'RuntimeDefault' },
      });
      for (const field of ['hostNetwork', 'hostPID', 'hostIPC']) expect(spec[field]).toBeUndefined();
      for (const { name: _name, ...source } of spec.volumes ?? [])
        expect(VOLUMES_OF_RESTRICTED).toContain(Object.keys(source)[0]);
      for (const container of containersOf(pod)) {
        const { securityContext } = container;
        expect(securityContext.allowPrivilegeEscalation).toBe(false);
        expect(securityContext.privileged).toBe(false);
        expect(securityContext.capabilities).toEqual({ drop: ['ALL'] });
        for (const { hostPort } of container.ports ?? []) expect(hostPort).toBeUndefined();
        for (const probe of ['startupProbe', 'livenessProbe', 'readinessProbe'])
          expect(container[probe]?.httpGet?.host).toBeUndefined();
      }
    }
  });

  it('go beyond it: a read-only root, a user above 10000, no token, and bounds on every resource', () => {
    for (const pod of podsOf(objects)) {
      const { spec } = pod.template;
      expect(spec.automountServiceAccountToken).toBe(false);
      expect(spec.enableServiceLinks).toBe(false);
      for (const field of ['runAsUser', 'runAsGroup', 'fsGroup']) expect(spec.securityContext[field]).toBe(10001);
      for (const container of containersOf(pod)) {
        expect(container.securityContext.readOnlyRootFilesystem).toBe(true);
        expect(container.volumeMounts.map(({ mountPath }: Plain) => mountPath)).toContain('/tmp');
        for (const kind of ['requests', 'limits'])
          expect(Object.keys(container.resources[kind])).toEqual(['cpu', 'memory', 'ephemeral-storage']);
        expect(container.image).toMatch(/:[\w.-]+$|@sha256:/);
        expect(container.image).not.toMatch(/:latest$/);
      }
    }
  });

  it('name one port everywhere', () => {
    const deployment = objectOf(objects, 'Deployment', name);
    const [container] = deployment.spec.template.spec.containers;
    expect(objectOf(objects, 'ConfigMap', `${name}-config`).data.PORT).toBe(String(port));
    expect(container.ports).toEqual([{ name: 'http', containerPort: port, protocol: 'TCP' }]);
    for (const probe of ['startupProbe', 'livenessProbe', 'readinessProbe'])
      expect(container[probe].httpGet.port).toBe('http');
    expect(objectOf(objects, 'Service', name).spec.ports[0].targetPort).toBe('http');
    expect(objectOf(objects, 'Ingress', name).spec.rules[0].http.paths[0].backend.service).toEqual({
      name,
      port: { name: 'http' },
    });
    expect(objectOf(objects, 'NetworkPolicy', name).spec.ingress[0].ports[0].port).toBe('http');
    expect(texts.get('Dockerfile')).toContain(`EXPOSE ${port}\n`);
    expect(texts.get('Dockerfile')).toContain(`PORT=${port}\n`);
    const { annotations } = deployment.spec.template.metadata;
    expect(annotations['prometheus.io/port'] ?? String(port)).toBe(String(port));
  });

  it('refer only to objects and keys that are there', () => {
    const keys = new Set(Object.keys(objectOf(unique(objects), 'Secret', `${name}-secrets`).stringData));
    const names = (kind: string) =>
      objects.filter((object) => object.kind === kind).map(({ metadata }) => metadata.name);
    for (const pod of podsOf(objects)) {
      expect(names('ServiceAccount')).toContain(pod.template.spec.serviceAccountName);
      for (const volume of pod.template.spec.volumes ?? []) {
        if (volume.persistentVolumeClaim)
          expect(names('PersistentVolumeClaim')).toContain(volume.persistentVolumeClaim.claimName);
        if (volume.configMap) expect(names('ConfigMap')).toContain(volume.configMap.name);
      }
      const volumes = (pod.template.spec.volumes ?? []).map((volume: Plain) => volume.name);
      for (const container of containersOf(pod)) {
        for (const mount of container.volumeMounts) expect(volumes).toContain(mount.name);
        for (const { configMapRef } of container.envFrom ?? []) expect(names('ConfigMap')).toContain(configMapRef.name);
        for (const { valueFrom } of container.env ?? []) {
          if (valueFrom === undefined) continue;
          expect(valueFrom.secretKeyRef.name).toBe(`${name}-secrets`);
          expect(keys).toContain(valueFrom.secretKeyRef.key);
        }
      }
    }
  });

  it('select pods that exist, by labels that never change', () => {
    const pods = podsOf(objects).map(({ template }) => template.metadata.labels);
    const selectors = objects.flatMap(({ kind, spec, metadata }) => {
      if (kind === 'Service') return [spec.selector];
      const { matchLabels } = spec?.selector ?? spec?.podSelector ?? {};
      // cert-manager makes these pods itself.
      return matchLabels === undefined || metadata.name.endsWith('-acme-solver') || kind === 'ServiceMonitor'
        ? []
        : [matchLabels];
    });
    expect(selectors.length).toBeGreaterThanOrEqual(8);
    for (const selector of selectors) {
      expect(pods.some((labels) => Object.entries(selector).every(([key, value]) => labels[key] === value))).toBe(true);
      expect(Object.keys(selector)).not.toContain('app.kubernetes.io/version');
    }
  });

  it('give a pod the time that its longest answer takes', () => {
    const { spec } = objectOf(objects, 'Deployment', name).spec.template;
    const { data } = objectOf(objects, 'ConfigMap', `${name}-config`);
    const wait =
      spec.containers[0].lifecycle.preStop.sleep.seconds +
      (Number(data.SHUTDOWN_DELAY_MS) + Number(data.DRAIN_MS)) / 1000;
    expect(Number(data.DRAIN_MS)).toBeGreaterThan(Number(data.ANSWER_DEADLINE_MS));
    expect(spec.terminationGracePeriodSeconds).toBeGreaterThan(wait);
  });

  it('list in the kustomization every manifest but those that must not be applied with the rest', () => {
    const [{ resources }] = readYaml(texts.get('k8s/kustomization.yaml') ?? '');
    const written = [...texts.keys()]
      .filter((path) => path.startsWith('k8s/'))
      .map((path) => path.slice('k8s/'.length));
    const left = ['secrets.yaml', 'secrets.example.yaml', 'backup/restore.yaml', 'kustomization.yaml'];
    expect([...resources].sort()).toEqual(written.filter((path) => !left.includes(path)).sort());
  });

  it('hold back the job that overwrites the database', () => {
    expect(objectOf(objects, 'Job', `${name}-restore`).spec.suspend).toBe(true);
  });

  it('have a section of the runbook for each alert', () => {
    const rules = objects
      .filter(({ kind }) => kind === 'PrometheusRule')
      .flatMap(({ spec }) => spec.groups.flatMap((group: Plain) => group.rules));
    for (const { alert, annotations } of rules) {
      expect(texts.get('docs/RUNBOOK.md')).toContain(`\n## ${alert}\n`);
      expect(annotations.runbook).toBe(`docs/RUNBOOK.md, ${alert}`);
    }
  });

  it('stand in one namespace', () => {
    const [namespace] = objects.filter(({ kind }) => kind === 'Namespace');
    for (const { kind, metadata } of objects)
      if (kind !== 'Namespace' && kind !== 'Kustomization') expect(metadata.namespace).toBe(namespace.metadata.name);
  });

  it('leave validate nothing to find', async () => {
    const root = temporaryFolder(Object.fromEntries([...texts].filter(([path]) => path !== 'k8s/secrets.yaml')));
    const { exitCode, stdout } = await runCli(['validate', '.', '--report', 'json'], { cwd: root });
    const { findings } = JSON.parse(stdout) as { findings: readonly { check: string; outcome: string }[] };
    const others = findings.filter(({ outcome }) => outcome !== 'pass' && outcome !== 'not-applicable');
    expect(others.map(({ check }) => check)).toEqual([]);
    expect(exitCode).toBe(0);
  });
});

describe('the manifests', () => {
  it.each([
    [15, '/var/lib/postgresql/data', '/var/lib/postgresql/data/pgdata'],
    [17, '/var/lib/postgresql/data', '/var/lib/postgresql/data/pgdata'],
    [18, '/var/lib/postgresql', undefined],
  ])('mount the data of PostgreSQL %i where its image keeps it', (databaseMajor, mountPath, data) => {
    const set = renderSet(completeAnswers({ databaseMajor }), () => undefined, {});
    const text = set.find(({ path }) => path === 'k8s/postgres.yaml')?.text ?? '';
    const [container] = objectOf(readYaml(text), 'StatefulSet', 'qna-postgres').spec.template.spec.containers;
    expect(container.image).toMatch(new RegExp(`:${databaseMajor}\\.`));
    expect(container.volumeMounts.find((mount: Plain) => mount.name === 'data').mountPath).toBe(mountPath);
    expect(container.env.find((row: Plain) => row.name === 'PGDATA')?.value).toBe(data);
  });

  it.each([
    ['none', 2, undefined],
    ['cpu', undefined, { minReplicas: 2, maxReplicas: 10 }],
  ])('leave the number of pods to one of the two, by autoscaling %s', (autoscaling, replicas, bounds) => {
    const files = renderSet(completeAnswers({ autoscaling }), () => undefined, {});
    const objects = files.filter(({ path }) => path.startsWith('k8s/')).flatMap(({ text }) => readYaml(text));
    const deployment = objectOf(objects, 'Deployment', 'qna');
    expect(deployment.spec.replicas).toBe(replicas);
    const [scaler, ...others] = objects.filter(({ kind }) => kind === 'HorizontalPodAutoscaler');
    expect(others).toEqual([]);
    if (bounds === undefined) expect(scaler).toBeUndefined();
    else {
      expect(scaler.spec).toMatchObject(bounds);
      expect(scaler.spec.scaleTargetRef).toEqual({ apiVersion: 'apps/v1', kind: 'Deployment', name: 'qna' });
      // What the autoscaler waits for must lie below what a pod may use, or it would never act.
      expect(scaler.spec.metrics[0].resource).toMatchObject({ name: 'cpu', target: { averageValue: '600m' } });
      expect(deployment.spec.template.spec.containers[0].resources.limits.cpu).toBe('1');
    }
  });

  it('name no controller that nobody maintains', () => {
    const set = renderSet(completeAnswers({}), () => undefined, {});
    for (const { text, path } of set)
      if (path.endsWith('.yaml')) expect(JSON.stringify(readYaml(text))).not.toContain('nginx');
  });
});

/** The flags of a profile as answers. */
function given(args: readonly string[]): GivenAnswers {
  const answers: Record<string, unknown> = {};
  for (let index = 0; index < args.length; index += 2) {
    const [flag = '', value = ''] = args.slice(index);
    const key = flag.slice(2).replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
    const [name, typed] = parseAssignment(key === 'set' ? value : `${key}=${value}`);
    answers[name] = typed;
  }
  return answers;
}

/** The example and the real Secret have one name. */
function unique(objects: readonly Plain[]): readonly Plain[] {
  return objects.filter(
    (object, index) =>
      objects.findIndex((other) => other.kind === object.kind && other.metadata?.name === object.metadata?.name) ===
      index,
  );
}
