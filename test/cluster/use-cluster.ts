import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Agent, request } from 'undici';
import { inject } from 'vitest';
import { authorityIn } from './certificates.ts';
import type { ClusterFacts, NodeFacts } from './cluster-facts.ts';
import { explainNamespace } from './explain-namespace.ts';
import { publishImage } from './images/image-store.ts';
import { postgresImage } from './images/postgres-image.ts';
import { serviceImage } from './images/service-image.ts';
import { type Identity, kubeconfig } from './kubeconfig.ts';
import { startCertManager } from './node/cert-manager.ts';
import { startMetrics } from './node/metrics-server.ts';
import { startOuterRelay } from './node/relay.ts';
import { startEdge } from './node/traefik.ts';
import { runKubectl } from './run-kubectl.ts';
import { until } from './until.ts';

export interface TestCluster {
  readonly facts: ClusterFacts;
  /** Runs kubectl as the admin; throws with its stderr where it fails. */
  kubectl(...args: readonly string[]): Promise<string>;
  /** Applies manifests given as a text. */
  apply(manifests: string, ...args: readonly string[]): Promise<string>;
  /** Asks the API server with a raw request as the admin; gives status and body. */
  request(method: string, path: string, body?: unknown): Promise<{ readonly status: number; readonly body: unknown }>;
  /**
   * A kubeconfig file whose context names this namespace: of the admin, of any other user by name (who may do nothing
   * until a role says so), or with credentials of the test's own.
   */
  kubeconfigFor(user: string | Identity, namespace: string): string;
  /** A namespace of the test's own. */
  createNamespace(labels?: Readonly<Record<string, string>>): Promise<string>;
  /** Waits for something in a namespace; past the deadline it tells the namespace's pods, events and logs. */
  until(what: string, namespace: string, ask: () => Promise<boolean>, timeoutMs?: number): Promise<void>;
  /** A port on loopback that leads to a pod, a service or the node; node tier only. */
  forward(host: string, port: number): Promise<{ readonly port: number; close(): void }>;
  /** Makes an image, given as an OCI image layout, available under a reference to every pod; node tier only. */
  publishImage(reference: string, layout: string): void;
  /** Builds the service's image from the project's Dockerfile and publishes it; node tier only. */
  publishService(reference: string): Promise<void>;
  /** Makes an image of PostgreSQL 18 under the official image's contract and publishes it; node tier only. */
  publishPostgres(reference: string): Promise<void>;
  /** Starts Traefik on the node's ports 80 and 443, for Ingress and Gateway of class `traefik`; node tier only. */
  startEdge(): Promise<void>;
  /** Starts cert-manager's controllers with a private authority, the ClusterIssuer `private-ca`; node tier only. */
  startCertManager(): Promise<void>;
  /** Starts metrics-server, so that autoscalers work; node tier only. */
  startMetrics(): Promise<void>;
  /** Runs a command where pods, services and the cluster's names are reached; node tier only. */
  inside(...command: readonly string[]): Promise<string>;
}

/** The cluster that the global set-up started; undefined where this machine can have none, and the suite is then skipped aloud. */
export function useCluster(): TestCluster | undefined {
  const facts = inject('cluster');
  return facts === undefined ? undefined : clusterOf(facts);
}

/** The same for a cluster that somebody else keeps. */
export function clusterOf(facts: ClusterFacts): TestCluster {
  const kubectl = (...args: readonly string[]) => runKubectl(facts, args);
  return {
    facts,
    kubectl,
    apply(manifests, ...args) {
      const file = join(facts.folder, `${randomUUID()}.yaml`);
      writeFileSync(file, manifests);
      return kubectl('apply', '-f', file, ...args);
    },
    request: (method, path, body) => requestAsAdmin(facts, method, path, body),
    kubeconfigFor(user, namespace) {
      const file = join(facts.folder, `${randomUUID()}.kubeconfig`);
      const identity = typeof user === 'string' ? identityOf(facts, user) : user;
      writeFileSync(file, kubeconfig(facts, identity, namespace), { mode: 0o600 });
      return file;
    },
    async createNamespace(labels = {}) {
      const metadata = { name: `test-${randomUUID().slice(0, 8)}`, labels };
      await this.apply(JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata }));
      return metadata.name;
    },
    until: (what, namespace, ask, timeoutMs = 60_000) =>
      until(what, ask, timeoutMs, () => explainNamespace(facts, namespace)),
    forward: (host, port) => startOuterRelay(nodeOf(facts).relaySocket, host, port),
    publishImage: (reference, layout) => publishImage(nodeOf(facts).imageStore, reference, layout),
    publishService: async (reference) => publishImage(nodeOf(facts).imageStore, reference, await serviceImage()),
    publishPostgres: async (reference) => publishImage(nodeOf(facts).imageStore, reference, await postgresImage()),
    startEdge: () => startEdge(facts, nodeOf(facts)),
    startCertManager: () => startCertManager(facts, nodeOf(facts)),
    startMetrics: () => startMetrics(facts, nodeOf(facts)),
    async inside(...command) {
      const [program = '', ...args] = [...nodeOf(facts).enter, ...command];
      return (await promisify(execFile)(program, args, { maxBuffer: 64 * 1024 * 1024 })).stdout;
    },
  };
}

function nodeOf({ node, tier }: ClusterFacts): NodeFacts {
  if (node === undefined) throw new Error(`The ${tier} tier has no node of the harness; skip this test there.`);
  return node;
}

/** Users with a token are known from the start; any other gets a client certificate with that name. */
function identityOf({ tokens, folder }: ClusterFacts, user: string): Identity {
  const token = tokens[user];
  if (token !== undefined) return { token };
  const authority = authorityIn(folder);
  if (!existsSync(authority.key)) throw new Error(`The given cluster has no user ${user} for the tests.`);
  return authority.issue(`user-${randomUUID()}`, { subject: `/CN=${user}`, usage: 'clientAuth' });
}

/** One pool of connections for each cluster: a question that is asked again and again costs no handshake. */
const POOLS = new Map<string, Agent>();

async function requestAsAdmin({ server, ca, tokens }: ClusterFacts, method: string, path: string, body: unknown) {
  const pool = POOLS.get(server) ?? new Agent({ connect: { ca } });
  POOLS.set(server, pool);
  const response = await request(`${server}${path}`, {
    method: method as 'GET',
    dispatcher: pool,
    headers: { authorization: `Bearer ${tokens.admin ?? ''}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.statusCode, body: await response.body.json() };
}
