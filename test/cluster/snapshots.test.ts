import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../src/core/report.ts';
import { REPORT_FORMATS } from '../../src/reporters/reporter.ts';
import { runCli } from '../cli/run-cli.ts';
import { temporaryFolder } from '../cli/temporary-folder.ts';
import { startFaultProxy } from './faults/fault-proxy.ts';
import { useCluster } from './use-cluster.ts';

const cluster = useCluster();
const base64 = (text: string) => Buffer.from(text).toString('base64');
let planted = 0;
const canaries: string[] = [];
/** A value that must not be seen again, neither as it is nor encoded. */
function canary(): string {
  const value = `cAnary-${100 + ++planted}-of-the-Cluster`;
  canaries.push(value);
  return value;
}

/** Objects with a secret in every place that the API server keeps one in. */
function objects(): readonly (readonly [path: string, object: object])[] {
  const container = {
    name: 'api',
    image: 'ghcr.io/example/qna:1.0.0',
    args: [`--api-key=${canary()}`, '--token', canary()],
    env: [
      { name: 'DB_PASSWORD', value: canary() },
      { name: 'DSN', value: `postgres://qna:${canary()}@db/qna` },
    ],
  };
  const labels = { app: 'qna' };
  const annotations = {
    'example.com/api-token': canary(),
    'example.com/note': JSON.stringify({ inner: JSON.stringify({ password: canary() }) }),
    'example.com/encoded': base64(`DB_PASSWORD=${canary()}`),
    'example.com/link': `next=${encodeURIComponent(`postgres://qna:${canary()}@db/qna`)}`,
  };
  return [
    [
      '/apis/apps/v1/namespaces/NS/deployments',
      {
        metadata: { name: 'qna', annotations },
        spec: {
          selector: { matchLabels: labels },
          template: { metadata: { labels, annotations }, spec: { containers: [container] } },
        },
      },
    ],
    [
      '/api/v1/namespaces/NS/secrets',
      {
        metadata: {
          name: 'qna',
          annotations: { 'kubectl.kubernetes.io/last-applied-configuration': `{"stringData":{"a":"${canary()}"}}` },
        },
        data: { POSTGRES_PASSWORD: base64(canary()) },
        stringData: { OPENAI_API_KEY: canary() },
      },
    ],
    [
      '/api/v1/namespaces/NS/secrets',
      {
        metadata: { name: 'registry' },
        type: 'kubernetes.io/dockerconfigjson',
        stringData: { '.dockerconfigjson': JSON.stringify({ auths: { r: { auth: base64(`qna:${canary()}`) } } }) },
      },
    ],
    [
      '/api/v1/namespaces/NS/secrets',
      {
        metadata: { name: 'sh.helm.release.v1.qna.v1' },
        type: 'helm.sh/release.v1',
        data: { release: base64(base64(JSON.stringify({ config: { password: canary() } }))) },
      },
    ],
    [
      '/api/v1/namespaces/NS/configmaps',
      {
        metadata: { name: 'settings' },
        data: { DB_PASSWORD: canary(), '.env': `MODE=prod\nAPI_TOKEN=${canary()}\n` },
        binaryData: { extra: base64(`DB_PASSWORD=${canary()}\n`) },
      },
    ],
    [
      '/api/v1/namespaces/NS/events',
      {
        metadata: { name: 'pull' },
        type: 'Warning',
        reason: 'Failed',
        message: `Failed to pull "https://qna:${canary()}@registry.example.com/qna"`,
        involvedObject: { kind: 'Pod', name: 'qna', namespace: 'NS' },
      },
    ],
  ];
}

describe.skipIf(cluster === undefined || cluster.facts.tier === 'given')(
  'a snapshot of a real cluster',
  { timeout: 120_000 },
  () => {
    if (cluster === undefined) return;
    const namespace = `test-${randomUUID().slice(0, 8)}`;

    beforeAll(async () => {
      await cluster.request('POST', '/api/v1/namespaces', { metadata: { name: namespace } });
      for (const [path, object] of objects()) {
        const text = JSON.stringify(object).replaceAll('"NS"', `"${namespace}"`);
        const { status, body } = await cluster.request('POST', path.replace('NS', namespace), JSON.parse(text));
        expect(status, JSON.stringify(body)).toBe(201);
      }
    }, 60_000);

    const formats = REPORT_FORMATS.flatMap((format) => ['--report', `${format}=report.${format}`]);
    const audit = (cwd: string, kubeconfig: string, ...args: readonly string[]) =>
      runCli(['audit', '--kubeconfig', kubeconfig, ...args], { cwd });

    it('replays byte for byte, and no secret is in it or in any report', async () => {
      const cwd = temporaryFolder();
      const kubeconfig = cluster.kubeconfigFor('admin', namespace);
      const live = await audit(
        cwd,
        kubeconfig,
        '--save',
        'snapshot.json.gz',
        '--verbose',
        '--report',
        'json',
        ...formats,
      );
      const { findings } = JSON.parse(live.stdout) as Report;
      expect(findings.some(({ check, outcome }) => check === 'secrets/credential-in-env' && outcome === 'fail')).toBe(
        true,
      );
      const replayed = await runCli(['audit', '--from', 'snapshot.json.gz', '--report', 'json'], { cwd });
      expect(replayed.stdout).toBe(live.stdout);
      const snapshot = gunzipSync(readFileSync(join(cwd, 'snapshot.json.gz'))).toString();
      expect(snapshot).toContain('sh.helm.release.v1.qna.v1');
      expect(snapshot).toContain('hmac-sha256:');
      const written = readdirSync(cwd).filter((name) => name.startsWith('report.'));
      expect(written.length).toBe(REPORT_FORMATS.length);
      const said = [
        ...[live.stdout, live.stderr, snapshot],
        ...written.map((name) => readFileSync(join(cwd, name), 'utf8')),
      ].join('\n');
      for (const value of canaries)
        for (const form of [value, base64(value), encodeURIComponent(value)]) expect(said).not.toContain(form);
    });

    it('has equal hashes for equal keys, and others for others', async () => {
      const cwd = temporaryFolder();
      const kubeconfig = cluster.kubeconfigFor('admin', namespace);
      const hashes = async (key: string | undefined) => {
        const env = key === undefined ? {} : { QNA_READY_HASH_KEY: key };
        await runCli(['audit', '--kubeconfig', kubeconfig, '--save', 'hashed.json', '--only', '1.2'], { cwd, env });
        return readFileSync(join(cwd, 'hashed.json'), 'utf8').match(/hmac-sha256:[0-9a-f]{32}/g);
      };
      const first = await hashes('one');
      expect(first?.length).toBeGreaterThan(3);
      expect(await hashes('one')).toEqual(first);
      expect(await hashes('two')).not.toEqual(first);
      expect(await hashes(undefined)).not.toEqual(await hashes(undefined));
    });

    it('keeps what was seen when the run is interrupted, and tells the gaps again', async () => {
      const cwd = temporaryFolder();
      const interruption = new AbortController();
      const proxy = await startFaultProxy(cluster.facts, [
        { on: /\/horizontalpodautoscalers\?/, answer: () => interruption.abort() },
      ]);
      const config = JSON.parse(readFileSync(cluster.kubeconfigFor('admin', namespace), 'utf8'));
      config.clusters[0].cluster = { server: proxy.url, 'insecure-skip-tls-verify': true };
      writeFileSync(join(cwd, 'kubeconfig'), JSON.stringify(config));
      const argv = ['audit', '--kubeconfig', 'kubeconfig', '--save', 'partial.json', '--report', 'json'];
      const live = await runCli(argv, { cwd, signal: interruption.signal });
      await proxy.close();
      const replayed = await runCli(['audit', '--from', 'partial.json', '--report', 'json'], { cwd });
      expect(replayed.stdout).toBe(live.stdout);
      const reasons = (JSON.parse(replayed.stdout) as Report).sources.flatMap(({ notSeen }) => notSeen);
      expect(reasons.map(({ reason }) => reason).join()).toContain('the run was interrupted');
    });
  },
);
