import { execFile } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Agent, request } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../../src/core/report.ts';
import { runCli } from '../../cli/run-cli.ts';
import { helmBinary } from '../binaries.ts';
import { type TestCluster, useCluster } from '../use-cluster.ts';
import { auditHealthy } from './judge-story.ts';
import { type Provider, startProvider } from './provider.ts';
import {
  createProject,
  fillIn,
  install,
  type Judged,
  type Project,
  prepareCluster,
  raise,
  raiseParts,
  type Stage,
  secretIn,
} from './stage.ts';
import { HEALTHY } from './story.ts';

const QUESTION = 'How is a backup restored?';
const SERVICE_PODS = 'pods?labelSelector=app.kubernetes.io/instance=qna';

const cluster = useCluster();

/** How a story differs from the one that takes every default. */
interface Variant {
  readonly name: string;
  readonly answers: readonly string[];
  /** Raises what must be there before; gives where the database runs. */
  prepare?(
    onto: TestCluster,
  ): Promise<{ readonly database: Stage; readonly answers: readonly string[]; fill(project: Project): void }>;
  /** Items that this choice makes nobody's business. */
  readonly notApplicable?: readonly string[];
}

const VARIANTS: readonly Variant[] = [
  { name: 'whole', answers: [] },
  { name: 'gateway', answers: ['exposure=gateway', 'gatewayClass=traefik'] },
  { name: 'helm', answers: ['layout=helm'] },
  {
    name: 'external',
    answers: ['database=external', 'databaseCidr=10.0.0.0/8'],
    prepare: raiseDatabase,
    notApplicable: ['4.2'],
  },
];

/** PostgreSQL in a namespace of somebody else's. */
async function raiseDatabase(onto: TestCluster) {
  const project = await createProject('story-database', 'database.example.test');
  const files = [
    'namespace.yaml',
    'secrets.yaml',
    'serviceaccount.yaml',
    'configmap.yaml',
    'pvc.yaml',
    'postgres.yaml',
  ];
  const database = await raiseParts(onto, project, files);
  await database.ready();
  const host = `qna-postgres.${project.namespace}.svc.cluster.local`;
  const password = secretIn(project, 'DATABASE_PASSWORD');
  return {
    database,
    answers: [`databaseHost=${host}`],
    fill: (other: Project) =>
      fillIn(other, { DATABASE_URL: `postgresql://qna:${password}@${host}:5432/qna`, DATABASE_PASSWORD: password }),
  };
}

/** One story, told in order: each step stands on the one before it. */
describe.skipIf(cluster?.facts.tier !== 'node').each(VARIANTS)(
  'a service from init to production: $name',
  (variant) => {
    if (cluster === undefined) return;
    const { name, notApplicable = [] } = variant;
    const isChart = variant.answers.includes('layout=helm');
    let provider: Provider;
    let project: Project;
    let stage: Stage;
    /** Where the database runs. */
    let database: Stage;
    let prepared: Awaited<ReturnType<NonNullable<Variant['prepare']>>> | undefined;

    beforeAll(async () => {
      await prepareCluster(cluster);
      provider = await startProvider(cluster);
      prepared = await variant.prepare?.(cluster);
    }, 900_000);
    afterAll(async () => {
      await stage?.leave();
      await prepared?.database.leave();
      await provider?.stop();
    });

    const nobodysBusiness = Object.keys(HEALTHY).filter((id) => HEALTHY[id] === 'not-applicable');
    const skipped = Object.fromEntries([...notApplicable, ...nobodysBusiness].map((id) => [id, 'not-applicable']));

    it('begins with init, whose files validate finds nothing against', async () => {
      const answers = [...variant.answers, ...(prepared?.answers ?? [])];
      project = await createProject(`story-${name}`, `${name}.example.test`, ...answers);
      prepared?.fill(project);
      const { exitCode, stdout } = await runCli(['validate', ...(await manifestsOf(project))]);
      expect(exitCode, stdout).toBe(0);
    });

    it('is applied with kubectl, and runs in a namespace that admits restricted pods only', async () => {
      const url = { op: 'add', path: '/data/OPENAI_BASE_URL', value: provider.baseUrl } as const;
      if (isChart) {
        stage = await install(cluster, project);
        await stage.patch('configmap/qna-config', { data: { OPENAI_BASE_URL: provider.baseUrl } });
        await stage.kubectl('rollout', 'restart', 'deployment/qna');
      } else
        stage = await raise(cluster, project, {
          patches: [{ kind: 'ConfigMap', name: 'qna-config', operations: [url] }],
        });
      database = prepared?.database ?? stage;
      await twoPodsAreReady();
      const careless = {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'careless' },
        spec: { containers: [{ name: 'c', image: 'example/x:1' }] },
      };
      const refused = await cluster.request('POST', `/api/v1/namespaces/${stage.namespace}/pods`, careless);
      expect(refused.status).toBe(403);
    });

    it('is ready for audit, save for the backup that has not run yet', async () => {
      const { exitCode, report } = await auditHealthy(stage);
      expect(statesOf(report), failuresOf(report).join('\n')).toEqual({ ...HEALTHY, ...skipped });
      expect(exitCode).toBe(1);
    });

    it('is ready for probe, through the edge and over TLS', async () => {
      const { report, exitCode } = await probeThroughTheEdge();
      expect(failuresOf(report)).toEqual([]);
      expect(exitCode).toBe(0);
      expect(report.findings).toContainEqual(expect.objectContaining({ check: 'ingress/handshake', outcome: 'pass' }));
    });

    it('answers a question with the help of the model, and keeps the answer in PostgreSQL', async () => {
      expect(await ask(QUESTION)).toContain('pg_restore');
      expect(await keptAnswers(QUESTION)).toBe('1');
    });

    it('still has the answer when the pod of the database was deleted', async () => {
      const before = await database.read('pods/qna-postgres-0', 'metadata/uid');
      await database.kubectl('delete', 'pod', 'qna-postgres-0');
      await database.until('another pod runs the database', async () => {
        const now = await database.read('pods/qna-postgres-0', 'metadata/uid');
        return now !== '' && now !== before;
      });
      await database.ready();
      await stage.ready();
      expect(await keptAnswers(QUESTION)).toBe('1');
      await stage.until('the service answers again', async () => (await ask('And now?')).includes('pg_restore'));
    });

    it('is backed up, and the drill restores the backup', async () => {
      await stage.runNow('qna-backup');
      await stage.runNow('qna-restore-drill');
      expect(await stage.kubectl('logs', 'job/qna-restore-drill-now', '-c', 'drill')).toMatch(/holds \d+ tables/);
    });

    it('takes a new release, whose pods answer', async () => {
      const before = await stage.read(SERVICE_PODS, 'metadata/uid');
      await stage.kubectl('rollout', 'restart', 'deployment/qna');
      await stage.until('the new pods are there', async () => {
        const now = await stage.read(SERVICE_PODS, 'metadata/uid');
        return now.split(' ').some((uid) => !before.includes(uid));
      });
      await twoPodsAreReady();
      expect(await ask(QUESTION)).toContain('pg_restore');
    });

    it('is ready for audit in every item, and so is what audit saved', async () => {
      const snapshot = join(stage.folder, 'snapshot.json');
      const { exitCode, report } = await stage.atRest({ tells: 'Nothing is broken.' }, () =>
        stage.audit('--save', snapshot),
      );
      const ready = { ...Object.fromEntries(Object.keys(HEALTHY).map((id) => [id, 'done'])), ...skipped };
      expect(statesOf(report), failuresOf(report).join('\n')).toEqual(ready);
      expect(exitCode).toBe(0);
      const config = ['--config', join(stage.folder, 'qna-ready.config.yaml')];
      const replayed = await runCli(['audit', '--from', snapshot, ...config, '--report', 'json']);
      expect(replayed.exitCode).toBe(0);
      expect(statesOf(JSON.parse(replayed.stdout) as Report)).toEqual(ready);
    });

    it('leaves to a person only what no program can see', async () => {
      const probed = join(stage.folder, 'probed.json');
      writeFileSync(probed, (await probeThroughTheEdge()).text);
      const { stdout } = await runCli([
        'checklist',
        ...(await manifestsOf(stage)),
        ...['--config', join(stage.folder, 'qna-ready.config.yaml')],
        ...['--snapshot', join(stage.folder, 'snapshot.json'), '--from-report', probed],
        ...['--report', 'json'],
      ]);
      const report = JSON.parse(stdout) as Report;
      const { '9.5': answers, ...states } = statesOf(report);
      // The provider of the stories answers at once, which is no stream that anybody could see.
      expect(['done', 'unknown']).toContain(answers);
      const open = Object.entries(states).filter(([id, state]) => state !== 'done' && skipped[id] !== state);
      // Nothing has failed and nobody was slow for long, so what the service does then was not seen.
      expect(Object.fromEntries(open), failuresOf(report).join('\n')).toEqual({
        '7.6': 'unknown',
        '9.1': 'manual',
        '9.2': 'manual',
        '9.6': 'unknown',
      });
    });

    async function twoPodsAreReady(): Promise<void> {
      await stage.ready();
      expect(await stage.read(SERVICE_PODS, 'status/conditions[type=Ready]/status')).toBe('True True');
    }

    /** With the log of a pod, as somebody would who has read the help of `probe`. */
    async function probeThroughTheEdge(): Promise<Judged> {
      const logs = join(stage.folder, 'log.jsonl');
      writeFileSync(logs, await stage.kubectl('logs', 'deployment/qna'));
      return stage.probe(
        `https://${stage.host}`,
        ...['--resolve', `${stage.host}:${cluster?.facts.node?.address}`, '--ca', await authorityOf(stage)],
        ...['--header', `Authorization: Bearer ${await tokenOf(stage)}`],
        ...['--ask', `POST /v1/ask ${JSON.stringify({ question: QUESTION })}`, '--logs', logs],
      );
    }

    /** Asks through the edge, as a user does; throws where the answer is no answer. */
    async function ask(question: string): Promise<string> {
      const { port, close } = (await cluster?.forward(cluster.facts.node?.address ?? '', 443)) ?? {
        port: 0,
        close() {},
      };
      const authority = await stage.read('secrets/qna-tls', 'data/ca.crt');
      const dispatcher = new Agent({ connect: { ca: atob(authority), servername: stage.host } });
      try {
        const { statusCode, body } = await request(`https://127.0.0.1:${port}/v1/ask`, {
          method: 'POST',
          dispatcher,
          headers: {
            host: stage.host,
            authorization: `Bearer ${await tokenOf(stage)}`,
            'content-type': 'application/json',
          },
          body: JSON.stringify({ question }),
        });
        const text = await body.text();
        if (statusCode !== 200) throw new Error(`The service answered ${statusCode}: ${text}`);
        return text;
      } finally {
        await dispatcher.destroy();
        close();
      }
    }

    async function keptAnswers(question: string): Promise<string> {
      const sql = `SELECT count(DISTINCT question) FROM answers WHERE question = '${question}'`;
      const psql = ['psql', '--username=postgres', '--dbname=qna', '--tuples-only', '--no-align', `--command=${sql}`];
      return (await database.kubectl('exec', 'qna-postgres-0', '-c', 'postgres', '--', ...psql)).trim();
    }
  },
);

/** What is applied of a project, and its documents. */
async function manifestsOf({ folder, namespace }: Project): Promise<readonly string[]> {
  const chart = join(folder, 'chart');
  if (!existsSync(chart)) return [folder];
  const rendered = join(folder, 'rendered.yaml');
  const { stdout } = await promisify(execFile)(await helmBinary(), ['template', chart, `--namespace=${namespace}`]);
  writeFileSync(rendered, stdout);
  return [rendered, join(folder, 'k8s'), join(folder, 'docs'), join(folder, 'Dockerfile')];
}

/** The one that `init` generated. */
async function tokenOf(stage: Stage): Promise<string> {
  return atob(await stage.read('secrets/qna-secrets', 'data/API_TOKENS'));
}

/** cert-manager writes the authority beside the certificate. */
async function authorityOf(stage: Stage): Promise<string> {
  const file = join(stage.folder, 'authority.crt');
  writeFileSync(file, atob(await stage.read('secrets/qna-tls', 'data/ca.crt')));
  return file;
}

function statesOf({ items }: Report): Readonly<Record<string, string>> {
  return Object.fromEntries(items.map(({ id, state }) => [id, state]));
}

function failuresOf({ findings }: Report): readonly string[] {
  return findings
    .filter(({ outcome, severity }) => (outcome === 'fail' || outcome === 'unknown') && severity !== 'note')
    .map(({ check, subject, message, observed }) => `${check} ${subject}: ${message} ${observed ?? ''}`);
}
