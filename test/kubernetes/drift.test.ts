import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SchemaPack } from '../../src/core/api-schemas.ts';
import type { Schemas } from '../../src/kubernetes/drift/compare.ts';
import { driftOf } from '../../src/kubernetes/drift/drift-of.ts';
import { formatFieldPath } from '../../src/kubernetes/drift/field-path.ts';
import { showValues } from '../../src/kubernetes/drift/show-values.ts';

const PACK = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../schemas/kubernetes/1.37.json'), 'utf8'),
) as SchemaPack;

function schemasOf(apiVersion: string, kind: string): Schemas {
  const at = (number: number | undefined) => {
    const root = PACK.nodes[number ?? -1];
    if (root === undefined) throw new Error(`The pack has no ${kind}.`);
    return { pack: PACK, root, custom: false };
  };
  return { kind: at(PACK.kinds[apiVersion]?.[kind]), metadata: at(PACK.metadata) };
}

const DEPLOYMENT = schemasOf('apps/v1', 'Deployment');

function drift(declared: object, live: object, more: { readonly applied?: object; readonly isScaled?: boolean } = {}) {
  const { isScaled = false, ...rest } = more;
  return driftOf({ declared, live, schemas: DEPLOYMENT, isScaled, ...rest });
}

const pathsOf = (differences: ReturnType<typeof drift>) => differences.map(({ path }) => formatFieldPath(path));

const name = fc.stringMatching(/^[a-z]{1,6}$/);
const text = fc.stringMatching(/^[a-z0-9.]{1,8}$/);
const env = fc.uniqueArray(fc.record({ name, value: text }), { selector: (item) => item.name, maxLength: 4 });
const ports = fc.uniqueArray(fc.record({ containerPort: fc.integer({ min: 1, max: 65_535 }), name }), {
  selector: (item) => item.containerPort,
  maxLength: 3,
});
const container = fc.record({
  name,
  image: text,
  env,
  ports,
  args: fc.array(text, { maxLength: 3 }),
  resources: fc.record({ limits: fc.record({ cpu: fc.integer({ min: 1, max: 9999 }).map((milli) => `${milli}m`) }) }),
});
const deployment = fc.record({
  apiVersion: fc.constant('apps/v1'),
  kind: fc.constant('Deployment'),
  metadata: fc.record({ name, labels: fc.dictionary(name, text, { maxKeys: 3 }) }),
  spec: fc.record({
    replicas: fc.integer({ min: 0, max: 9 }),
    template: fc.record({
      spec: fc.record({
        containers: fc.uniqueArray(container, { selector: (item) => item.name, minLength: 1, maxLength: 3 }),
      }),
    }),
  }),
});
type Generated = typeof deployment extends fc.Arbitrary<infer T> ? T : never;

/** As the server gives it back: completed by defaults, without what is empty, quantities in their own form, lists in another order. */
function served(object: Generated) {
  const { metadata, spec } = object;
  return {
    ...object,
    metadata: {
      ...metadata,
      uid: '1',
      resourceVersion: '7',
      labels: Object.keys(metadata.labels).length === 0 ? undefined : metadata.labels,
      annotations: { 'deployment.kubernetes.io/revision': '3' },
    },
    spec: {
      ...spec,
      progressDeadlineSeconds: 600,
      template: {
        spec: {
          restartPolicy: 'Always',
          containers: spec.template.spec.containers.toReversed().map(({ env, ports, args, resources, ...rest }) => ({
            ...rest,
            ...(env.length === 0 ? {} : { env: env.toReversed() }),
            ...(ports.length === 0 ? {} : { ports: ports.toReversed().map((port) => ({ ...port, protocol: 'TCP' })) }),
            ...(args.length === 0 ? {} : { args }),
            resources: { limits: { cpu: canonical(resources.limits.cpu) } },
            terminationMessagePath: '/dev/termination-log',
          })),
        },
      },
    },
    status: { replicas: 2 },
  };
}

function canonical(cpu: string): string {
  const milli = Number.parseInt(cpu, 10);
  return milli % 1000 === 0 ? String(milli / 1000) : cpu;
}

describe('drift', () => {
  it('is none between an object and what the server makes of it, in whatever order its lists are', () => {
    fc.assert(
      fc.property(deployment, (object) => {
        expect(drift(object, served(object))).toEqual([]);
        expect(drift(object, served(object), { applied: served(object) })).toEqual([]);
      }),
    );
  });

  it('always names the field that was changed, and no other, in both ways', () => {
    fc.assert(
      fc.property(deployment, fc.nat(), fc.nat(), (object, which, what) => {
        const live = served(structuredClone(object)) as ReturnType<typeof served>;
        const containers = live.spec.template.spec.containers;
        const changed = containers[which % containers.length];
        if (changed === undefined) return;
        const base = `spec.template.spec.containers[name=${changed.name}]`;
        const [path, change] = (
          [
            [`${base}.image`, () => Object.assign(changed, { image: 'changed/image' })],
            [`${base}.args`, () => Object.assign(changed, { args: [...(changed.args ?? []), '--more'] })],
            ['spec.replicas', () => Object.assign(live.spec, { replicas: object.spec.replicas + 1 })],
            [`${base}.resources.limits.cpu`, () => Object.assign(changed.resources.limits, { cpu: '12345m' })],
            ...(changed.env ?? []).map((variable) => [
              `${base}.env[name=${variable.name}].value`,
              () => Object.assign(variable, { value: 'CHANGED' }),
            ]),
          ] as const
        )[what % (4 + (changed.env ?? []).length)] as readonly [string, () => void];
        // A list that neither side has is no difference: only what the files say counts.
        if (path.endsWith('.args') && changed.args === undefined) return;
        change();
        expect(pathsOf(drift(object, live))).toEqual([path]);
        expect(pathsOf(drift(object, live, { applied: served(object) }))).toEqual([path]);
      }),
    );
  });

  it('always names the item that is missing', () => {
    fc.assert(
      fc.property(deployment, fc.nat(), (object, which) => {
        const live = served(structuredClone(object));
        const { containers } = live.spec.template.spec;
        const gone = containers[which % containers.length];
        if (gone === undefined || containers.length < 2) return;
        containers.splice(containers.indexOf(gone), 1);
        const expected = [`spec.template.spec.containers[name=${gone.name}]`];
        expect(pathsOf(drift(object, live))).toEqual(expected);
        expect(pathsOf(drift(object, live, { applied: served(object) }))).toEqual(expected);
      }),
    );
  });

  it('leaves the replicas to an autoscaler', () => {
    const declared = { spec: { replicas: 2 } };
    expect(pathsOf(drift(declared, { spec: { replicas: 7 } }))).toEqual(['spec.replicas']);
    expect(drift(declared, { spec: { replicas: 7 } }, { isScaled: true })).toEqual([]);
  });

  describe('that only the cluster has', () => {
    const declared = { metadata: { labels: { app: 'qna' } }, spec: { replicas: 1 } };
    const live = (managers: readonly object[], more: object = {}) => ({
      metadata: {
        labels: { app: 'qna', owner: 'somebody' },
        annotations: { 'example.com/seen': 'yes' },
        managedFields: managers,
      },
      spec: { replicas: 1, minReadySeconds: 5 },
      ...more,
    });
    const fields = { 'f:metadata': { 'f:labels': { 'f:owner': {} } }, 'f:spec': { 'f:minReadySeconds': {} } };
    const found = ['metadata.labels.owner', 'spec.minReadySeconds'];

    it.each([
      ['a person with kubectl', { manager: 'kubectl-edit', operation: 'Update', fieldsV1: fields }, found],
      ['a server-side apply of kubectl', { manager: 'kubectl', operation: 'Apply', fieldsV1: fields }, found],
      [
        'whoever applied the rest too',
        {
          manager: 'deployer',
          operation: 'Apply',
          fieldsV1: {
            'f:metadata': { 'f:labels': { 'f:app': {}, 'f:owner': {} } },
            'f:spec': { 'f:replicas': {}, 'f:minReadySeconds': {} },
          },
        },
        found,
      ],
      ['a controller', { manager: 'controller', operation: 'Update', fieldsV1: fields }, []],
      ['a controller that applies', { manager: 'controller', operation: 'Apply', fieldsV1: fields }, []],
      ['a creation, defaults and all', { manager: 'kubectl-create', operation: 'Update', fieldsV1: fields }, []],
      ['a subresource', { manager: 'kubectl', operation: 'Update', subresource: 'scale', fieldsV1: fields }, []],
    ])('is told of %s as it deserves', (_, manager, expected) => {
      expect(pathsOf(drift(declared, live([manager])))).toEqual(expected);
    });

    it('is told of an earlier kubectl apply, by what that kept', () => {
      const applied = { ...declared, spec: { replicas: 1, minReadySeconds: 5, paused: false } };
      const object = live([]);
      Object.assign(object.metadata.annotations, {
        'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify(applied),
      });
      expect(pathsOf(drift(declared, object))).toEqual(['spec.minReadySeconds']);
    });
  });

  it.each([
    ['credentials by their name', ['data', 'API_KEY'], 'old-hunter2', 'new-hunter2'],
    ['credentials by their form', ['data', 'setting'], 'sk-ant-hunter2hunter2hunter2', 'x'],
    ['credentials in a file', ['data', 'app.ini'], 'a=1\npassword=hunter2xx\n', 'a=1\npassword=hunter2yy\n'],
    [
      'the value of a variable that is named for one',
      ['spec', 'env', { by: { name: 'DB_PASSWORD' } }, 'value'],
      'hunter2a',
      'hunter2b',
    ],
    [
      'credentials within an item',
      ['spec', 'env', { by: { name: 'DB_PASSWORD' } }],
      undefined,
      { name: 'DB_PASSWORD', value: 'hunter2' },
    ],
    ['credentials among words', ['args'], ['--password', 'hunter2'], ['--password', 'hunter2', 'x']],
  ])('hides %s, and still tells that they differ', (_, path, declared, live) => {
    const shown = showValues({ path, kind: 'changed', declared, live }, (value) => `hash of ${value.length}`);
    expect(JSON.stringify(shown)).not.toContain('hunter2');
    expect(JSON.stringify(shown)).toMatch(/hash of|hidden/);
  });

  it('shows of a long text the line that differs', () => {
    const shown = showValues(
      { path: ['data', 'app.ini'], kind: 'changed', declared: 'a=1\nb=2\n', live: 'a=1\nb=3\n' },
      (value) => value,
    );
    expect(shown).toEqual({ declared: 'line 2: b=2', live: 'line 2: b=3' });
  });
});
