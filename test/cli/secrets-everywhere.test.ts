import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FactName, Observed, Snapshot } from '../../src/core/facts.ts';
import type { KubernetesObject } from '../../src/core/objects.ts';
import { REPORT_FORMATS } from '../../src/reporters/reporter.ts';
import { createKeyedHash } from '../../src/sources/keyed-hash.ts';
import { liveResource } from '../../src/sources/live-resource.ts';
import { saveSnapshots } from '../../src/sources/replay/save-snapshot.ts';
import { shapeOfSecret } from '../../src/sources/secret-shape.ts';
import { runCli } from './run-cli.ts';
import { temporaryFolder } from './temporary-folder.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');
const deployment = (container: object, annotations: Readonly<Record<string, string>> = {}): KubernetesObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'qna', namespace: 'prod', annotations },
  ...{ spec: { template: { metadata: { annotations }, spec: { containers: [{ name: 'api', ...container }] } } } },
});
const configMap = (data: Readonly<Record<string, string>>): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'settings', namespace: 'prod' },
  ...{ data },
});
const secret = (fields: object): KubernetesObject =>
  shapeOfSecret(
    { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'qna', namespace: 'prod' }, ...fields },
    createKeyedHash(),
  );
const annotated = (text: string) => deployment({}, { 'example.com/note': text });

/** Every place of a cluster where a secret can stand, and what is said there beside it. */
const PLACES: Readonly<Record<string, (value: string) => { readonly [K in FactName]?: unknown }>> = {
  'the data of a Secret': (value) => ({ secrets: [secret({ data: { POSTGRES_PASSWORD: base64(value) } })] }),
  'the stringData of a Secret': (value) => ({ secrets: [secret({ stringData: { token: value } })] }),
  'an annotation of a Secret': (value) => ({
    secrets: [
      secret({
        metadata: {
          name: 'qna',
          annotations: { 'kubectl.kubernetes.io/last-applied-configuration': `{"a":"${value}"}` },
        },
      }),
    ],
  }),
  'a registry login in a Secret': (value) => ({
    secrets: [
      secret({
        type: 'kubernetes.io/dockerconfigjson',
        data: { '.dockerconfigjson': base64(JSON.stringify({ auths: { r: { auth: base64(`qna:${value}`) } } })) },
      }),
    ],
  }),
  'a Helm release': (value) => ({
    secrets: [secret({ type: 'helm.sh/release.v1', data: { release: base64(base64(`{"password":"${value}"}`)) } })],
  }),
  'an env variable': (value) => ({ deployments: [deployment({ env: [{ name: 'DB_PASSWORD', value }] })] }),
  'a URL in an env variable': (value) => ({
    deployments: [deployment({ env: [{ name: 'DSN', value: `postgres://qna:${encodeURIComponent(value)}@db/qna` }] })],
  }),
  'an argument': (value) => ({ deployments: [deployment({ args: [`--api-key=${value}`] })] }),
  'an argument of its own': (value) => ({ deployments: [deployment({ args: ['--api-key', value] })] }),
  'an entry of a ConfigMap': (value) => ({ configMaps: [configMap({ DB_PASSWORD: value })] }),
  'an env file in a ConfigMap': (value) => ({
    configMaps: [configMap({ '.env': `MODE=prod\nDB_PASSWORD=${value}\n` })],
  }),
  'JSON in a ConfigMap': (value) => ({
    configMaps: [configMap({ 'app.json': JSON.stringify({ db: { password: value } }) })],
  }),
  'the binaryData of a ConfigMap': (value) => ({
    configMaps: [{ ...configMap({}), binaryData: { '.env': base64(`DB_PASSWORD=${value}\n`) } }],
  }),
  'a registry login in a ConfigMap': (value) => ({
    configMaps: [configMap({ 'config.json': JSON.stringify({ auths: { r: { auth: base64(`qna:${value}`) } } }) })],
  }),
  'an annotation': (value) => ({ deployments: [deployment({}, { 'example.com/api-token': value })] }),
  'the copy that kubectl keeps': (value) => ({
    deployments: [annotated(JSON.stringify(deployment({ env: [{ name: 'DB_PASSWORD', value }] })))],
  }),
  'JSON in JSON in an annotation': (value) => ({
    deployments: [annotated(JSON.stringify({ inner: JSON.stringify({ password: value }) }))],
  }),
  'base64 in an annotation': (value) => ({ deployments: [annotated(base64(`DB_PASSWORD=${value}`))] }),
  'a percent-encoded URL': (value) => ({
    deployments: [annotated(`next=${encodeURIComponent(`postgres://qna:${encodeURIComponent(value)}@db/qna`)}`)],
  }),
  'the query of a URL': (value) => ({
    deployments: [annotated(`https://example.com/hook?id=1&token=${encodeURIComponent(value)}&x=2`)],
  }),
  'a custom resource': (value) => ({
    databaseClusters: [
      {
        apiVersion: 'postgresql.cnpg.io/v1',
        kind: 'Cluster',
        metadata: { name: 'db', namespace: 'prod' },
        spec: { bootstrap: { initdb: { password: value } } },
      },
    ],
  }),
  'a line of a log': (value) => ({
    logs: [{ subject: 'Pod prod/qna-1 container api', lines: [JSON.stringify({ msg: 'start', password: value })] }],
  }),
  'a plain line of a log': (value) => ({
    logs: [{ subject: 'Pod prod/qna-1 container api', lines: [`connect redis://:${encodeURIComponent(value)}@cache`] }],
  }),
  'the message of an event': (value) => ({
    events: [
      {
        apiVersion: 'v1',
        kind: 'Event',
        metadata: { name: 'e', namespace: 'prod' },
        message: `Failed to pull "https://qna:${encodeURIComponent(value)}@registry.example.com/qna"`,
      },
    ],
  }),
};

/** What a person or a generator makes of a password: no spaces, and long enough to be one. */
const SECRET = fc
  .tuple(
    fc.string({
      unit: fc.constantFrom(...'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ'),
      minLength: 6,
      maxLength: 12,
    }),
    fc.string({ unit: fc.constantFrom(...'0123456789-_.~!*+/@:'), minLength: 1, maxLength: 6 }),
    fc.string({
      unit: fc.constantFrom(...'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ'),
      minLength: 6,
      maxLength: 12,
    }),
  )
  .map((parts) => parts.join(''))
  // Who writes a URL without a password in place of a password names where it is kept: vault://secret/db.
  .filter((value) => !/^[a-z]+:\/\//i.test(value));

function snapshotOf(facts: { readonly [K in FactName]?: unknown }): Snapshot {
  const observed = Object.entries(facts).map(([name, value]): readonly [string, Observed<unknown>] => {
    const isList = name !== 'logs';
    return [name, { seen: true, value: isList ? (value as KubernetesObject[]).map(liveResource) : value }];
  });
  return {
    source: 'cluster',
    target: 'context staging, namespace prod',
    facts: Object.fromEntries(observed) as Snapshot['facts'],
    notSeen: [],
  };
}

/** The forms in which a person who looks for it would find it. */
function formsOf(value: string): readonly string[] {
  return [value, base64(value), encodeURIComponent(value), JSON.stringify(value).slice(1, -1)];
}

const RECORDING = { recordedAt: new Date('2026-11-01T08:00:00.000Z'), recordedBy: '0.1.0' };

describe('a secret of a cluster', () => {
  it.each(Object.entries(PLACES))('in %s is in no snapshot, whatever it is', async (name, place) => {
    const file = join(temporaryFolder(), 'snapshot.json.gz');
    await fc.assert(
      fc.asyncProperty(SECRET, async (value) => {
        await saveSnapshots(file, [snapshotOf(place(value))], RECORDING);
        const text = gunzipSync(readFileSync(file)).toString();
        for (const form of formsOf(value)) expect(text).not.toContain(form);
        // What was there is told, if not what it was.
        expect(text).toMatch(/Secret|Helm/.test(name) ? /"(?:filled|annotations)"|"secrets"/ : /\[hidden:[a-z-]+\]/);
      }),
      { numRuns: 25 },
    );
  });

  it('is in no report of any format, wherever it stands', async () => {
    const cwd = temporaryFolder();
    const canaries = Object.keys(PLACES).map((_, index) => `cAnary${'x'.repeat(6)}-${index + 100}-secret`);
    const places = Object.values(PLACES).map((place, index) => place(canaries[index] ?? ''));
    const facts: Partial<Record<FactName, unknown[]>> = {};
    for (const place of places)
      for (const [name, value] of Object.entries(place) as [FactName, unknown[]][])
        facts[name] = [...(facts[name] ?? []), ...value];
    await saveSnapshots(join(cwd, 'snapshot.json'), [snapshotOf(facts)], RECORDING);
    const formats = REPORT_FORMATS.flatMap((format) => ['--report', `${format}=report.${format}`]);
    const { stdout, stderr } = await runCli(['audit', '--from', 'snapshot.json', '--verbose', ...formats], { cwd });
    const written = readdirSync(cwd).map((name) => readFileSync(join(cwd, name), 'utf8'));
    expect(written.length).toBe(REPORT_FORMATS.length + 1);
    const said = [stdout, stderr, ...written].join('\n');
    for (const canary of canaries) for (const form of formsOf(canary)) expect(said).not.toContain(form);
  });
});
