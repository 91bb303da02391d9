import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CHECKS } from '../../src/checks/index.ts';
import { attribute } from '../../src/commands/applications.ts';
import { findingsOf } from '../../src/commands/judge.ts';
import type { Policy } from '../../src/commands/policy.ts';
import type { FactName, Snapshot } from '../../src/core/facts.ts';
import type { ReportFinding } from '../../src/core/report.ts';
import { DEFAULT_SETTINGS } from '../../src/core/settings.ts';
import { filesSource } from '../../src/sources/files/files-source.ts';

const POLICY: Policy = {
  file: undefined,
  settings: DEFAULT_SETTINGS,
  severities: {},
  owners: {},
  waivers: [],
  baseline: undefined,
};
const NAMES = ['ask', 'find', 'read'] as const;

/** Objects that select, name and share one another in any way, and some that nothing leads to. */
const name = fc.constantFrom(...NAMES);
const labels = fc.dictionary(fc.constantFrom('app', 'tier', 'app.kubernetes.io/part-of'), name, { maxKeys: 2 });
const objects = fc.record({
  deployments: fc.uniqueArray(fc.record({ name, labels, takes: fc.option(name) }), {
    selector: (one) => one.name,
    maxLength: 3,
  }),
  services: fc.uniqueArray(fc.record({ name, selector: labels }), { selector: (one) => one.name, maxLength: 3 }),
  backends: fc.array(name, { maxLength: 3 }),
  maps: fc.uniqueArray(name),
  hasDatabase: fc.boolean(),
});
type Objects = typeof objects extends fc.Arbitrary<infer T> ? T : never;

function manifests({ deployments, services, backends, maps, hasDatabase }: Objects): readonly object[] {
  const workload = (kind: string, own: string, ofPods: object, container: object) => ({
    apiVersion: 'apps/v1',
    kind,
    metadata: { name: own },
    spec: {
      selector: { matchLabels: ofPods },
      template: { metadata: { labels: ofPods }, spec: { containers: [{ name: 'main', ...container }] } },
    },
  });
  return [
    ...deployments.map((one) =>
      workload(
        'Deployment',
        one.name,
        { run: one.name, ...one.labels },
        {
          image: `example/${one.name}`,
          ports: [{ containerPort: 8080 }],
          ...(one.takes === null ? {} : { envFrom: [{ configMapRef: { name: one.takes } }] }),
        },
      ),
    ),
    ...services.map((one) => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: one.name },
      spec: { selector: one.selector, ports: [{ port: 80, targetPort: 8080 }] },
    })),
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: { name: 'edge' },
      spec: {
        rules: backends.map((backend, nth) => ({
          host: `${nth}.example.com`,
          http: {
            paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: backend, port: { number: 80 } } } }],
          },
        })),
      },
    },
    ...maps.map((map) => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: map },
      data: { PASSWORD: 'hunter2-x' },
    })),
    ...(hasDatabase ? [workload('StatefulSet', 'store', { run: 'store' }, { image: 'postgres:18' })] : []),
  ];
}

async function observe(written: readonly object[]): Promise<Snapshot> {
  const text = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: written });
  const source = filesSource({ paths: ['-'], cwd: '/', stdin: textOf(text) });
  return source.collect(new Set<FactName>(source.provides), new AbortController().signal);
}

async function* textOf(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

function judge(snapshots: readonly Snapshot[]): readonly ReportFinding[] {
  return findingsOf({ command: 'validate', checks: CHECKS, snapshots, startedAt: new Date(0) }, POLICY);
}

const idsOf = (findings: readonly ReportFinding[]) => new Set(findings.map(({ id }) => id));

describe('the findings of a run', () => {
  it('are those of its applications and of nobody, and choosing one changes none of them', async () => {
    await fc.assert(
      fc.asyncProperty(objects, async (given) => {
        const snapshot = await observe(manifests(given));
        const whole = judge([snapshot]);
        const all = attribute([snapshot], DEFAULT_SETTINGS, { apps: [] });
        if (all === undefined) return;
        const owned = all.applications.map((application) =>
          idsOf(whole.filter((finding) => all.ownersOf(finding).includes(application))),
        );
        const ofNobody = whole.filter((finding) => all.ownersOf(finding).length === 0);
        expect(new Set([...owned.flatMap((ids) => [...ids]), ...idsOf(ofNobody)])).toEqual(idsOf(whole));
        // Nobody's are about an object, and never about a workload that is somebody's.
        const workloads = all.applications.flatMap((one) => one.workloads.map(({ resource }) => resource.ref));
        for (const { subject } of ofNobody) {
          expect(subject).toMatch(/^(?:ConfigMap|Service|Ingress|Deployment|StatefulSet) /);
          for (const workload of workloads) expect(`${subject} `.startsWith(`${workload} `)).toBe(false);
        }
        for (const [nth, application] of all.applications.entries()) {
          const [own] = application.workloads;
          const one = attribute([snapshot], DEFAULT_SETTINGS, { apps: [application.name] });
          expect(one?.applications.map(({ name: chosen }) => chosen)).toEqual([application.name]);
          expect(own).toBeDefined();
          expect(idsOf(whole.filter((finding) => (one?.ownersOf(finding) ?? []).length > 0))).toEqual(owned[nth]);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('of an endpoint are those of the application whose route has its host, or of the one that was chosen', async () => {
    const cluster = await observe(
      manifests({
        deployments: ['ask', 'find'].map((one) => ({ name: one as 'ask', labels: {}, takes: null })),
        services: [],
        backends: ['ask', 'find'],
        maps: [],
        hasDatabase: false,
      }).concat(
        ['ask', 'find'].map((one) => ({
          apiVersion: 'v1',
          kind: 'Service',
          metadata: { name: one },
          spec: { selector: { run: one }, ports: [{ port: 80 }] },
        })),
        {
          apiVersion: 'networking.k8s.io/v1',
          kind: 'Ingress',
          metadata: { name: 'find' },
          spec: { rules: [{ host: 'find.example.com' }] },
        },
      ),
    );
    const owners = (target: string, apps: readonly string[] = []) => {
      const endpoint: Snapshot = { source: 'endpoint', target, facts: {}, notSeen: [] };
      const finding = { source: 'endpoint', subject: 'readiness endpoint' } as ReportFinding;
      return attribute([cluster, endpoint], DEFAULT_SETTINGS, { apps })
        ?.ownersOf(finding)
        .map((application) => application.name);
    };
    expect(owners('https://find.example.com/')).toEqual(['find']);
    expect(owners('http://127.0.0.1:8080')).toEqual([]);
    expect(owners('http://127.0.0.1:8080', ['ask'])).toEqual(['ask']);
  });

  it('of a cluster that could not be reached belong to each application, since each may be there', async () => {
    const seen: Snapshot = {
      ...(await observe(
        manifests({
          deployments: [{ name: 'ask', labels: {}, takes: null }],
          services: [],
          backends: [],
          maps: [],
          hasDatabase: false,
        }),
      )),
      source: 'cluster',
      label: 'eu',
    };
    const away: Snapshot = {
      source: 'cluster',
      target: 'context us',
      label: 'us',
      facts: { deployments: { seen: false, reason: 'it is away' } },
      notSeen: [{ what: 'context us', reason: 'it is away' }],
    };
    const attribution = attribute([seen, away], DEFAULT_SETTINGS, { apps: ['ask'] });
    const of = (subject: string) =>
      attribution?.ownersOf({ source: 'cluster', subject } as ReportFinding).map((application) => application.name);
    expect(of('us: context us')).toEqual(['ask']);
    expect(of('eu: Deployment ask container main')).toEqual(['ask']);
    expect(of('eu: Ingress edge')).toEqual([]);
    expect(attribution?.applications[0]).toMatchObject({ name: 'ask', context: 'eu' });
  });
});
