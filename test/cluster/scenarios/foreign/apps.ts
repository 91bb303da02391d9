import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestCluster } from '../../use-cluster.ts';
import { type Overlay, type Stage, stageOf, writeOverlay } from '../stage.ts';
import { HEALTHY, type Touched } from '../story.ts';
import { publishForeign } from './image.ts';

/** An application as another team wrote it: `app.yaml` in the folder of its name. */
export type ForeignApp = keyof typeof FOREIGN_APPS;

interface Described {
  readonly images: readonly string[];
  /** What makes it unlike ours. */
  readonly tells: string;
  /** What `audit` says of it with nothing broken and no configuration. */
  readonly healthy: Touched;
}

export const FOREIGN_APPS = {
  'helpdesk-bot': {
    images: ['ghcr.io/acme-support/helpdesk-bot:2.3.1'],
    tells:
      'Labels `app` and `k8s-app`, `DATABASE_DSN` and keys in lower case, `/healthz` and `/readyz` at a named port, a database `pg-main` with a claim template, an Ingress whose annotation orders the certificate.',
    healthy: HEALTHY,
  },
  'kb-search': {
    images: ['quay.io/knowledge/kb-search:0.14.0'],
    tells:
      "A chart's labels and names, `PGHOST` and `PGPASSWORD` with `envFrom`, `/actuator/health/…` at a port of its own, a Gateway and an HTTPRoute, no backup.",
    // Nothing claims storage for backups, for there are none; and there are no jobs.
    healthy: { ...HEALTHY, '4.1': 'done', '6.4': 'not-applicable' },
  },
  'answers-and-ingest': {
    images: ['docker.io/lab/answers:7.2.0', 'docker.io/lab/ingest:7.2.0'],
    tells:
      'Two services and one database in one namespace, no label common to all, numbers for ports, probes that run a command, `/ping/deep`, no policies, no scraping and no backup.',
    healthy: { ...HEALTHY, '3.2': 'todo', '4.1': 'done', '6.4': 'not-applicable', '7.3': 'todo' },
  },
} as const satisfies Readonly<Record<string, Described>>;

const POSTGRES = 'docker.io/library/postgres:18.1';

/** Publishes the images, and starts the edge and the certificates that they stand on. */
export async function prepareForeign(cluster: TestCluster): Promise<void> {
  await cluster.startEdge();
  await cluster.startCertManager();
  await cluster.publishPostgres(POSTGRES);
  await publishForeign(
    cluster,
    Object.values(FOREIGN_APPS).flatMap(({ images }) => images),
  );
}

/** Applies an application to a namespace and a host of its own. */
export async function raiseForeign(
  cluster: TestCluster,
  app: ForeignApp,
  namespace: string,
  overlay: Overlay = {},
): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'qna-foreign-'));
  const host = `${namespace}.example.test`;
  const written = readFileSync(join(import.meta.dirname, app, 'app.yaml'), 'utf8');
  mkdirSync(join(folder, 'k8s'));
  const text = written.replaceAll('$(NAMESPACE)', namespace).replaceAll('$(HOST)', host);
  writeFileSync(join(folder, 'k8s/app.yaml'), text);
  writeFileSync(join(folder, 'k8s/kustomization.yaml'), JSON.stringify({ namespace, resources: ['app.yaml'] }));
  const stage = stageOf(cluster, { folder, namespace, host });
  await cluster.kubectl('create', 'namespace', namespace);
  await stage.kubectl('apply', '-k', writeOverlay(folder, overlay));
  return stage;
}
