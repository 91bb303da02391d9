import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { inject } from 'vitest';
import { type ClusterFacts, kubeconfig } from './control-plane.ts';

export interface TestCluster {
  readonly facts: ClusterFacts;
  /** Runs kubectl as the admin; throws with its stderr where it fails. */
  kubectl(...args: readonly string[]): Promise<string>;
  /** kubectl with a text on standard input. */
  apply(manifests: string, ...args: readonly string[]): Promise<string>;
  /** Asks the API server with a raw request as the admin; gives status and body. */
  request(method: string, path: string, body?: unknown): Promise<{ readonly status: number; readonly body: unknown }>;
  /** A kubeconfig file of the admin, or of another user, whose context names this namespace. */
  kubeconfigFor(
    user: string | { readonly token: string } | { readonly certificate: string; readonly key: string },
    namespace: string,
  ): string;
  /** A namespace of the test's own. */
  createNamespace(): Promise<string>;
}

/** The cluster that the global set-up started; undefined where this machine can have none, and the suite is then skipped aloud. */
export function useCluster(): TestCluster | undefined {
  const facts = inject('cluster');
  if (facts === undefined) return undefined;
  const [binary = '', ...prefix] = facts.kubectl;
  const kubectl = async (...args: readonly string[]) => {
    const { stdout } = await promisify(execFile)(
      binary,
      [...prefix, ...args, `--kubeconfig=${facts.adminKubeconfig}`],
      {
        maxBuffer: 64 * 1024 * 1024,
      },
    );
    return stdout;
  };
  return {
    facts,
    kubectl,
    apply: (manifests, ...args) => {
      const file = join(facts.folder, `${randomUUID()}.yaml`);
      writeFileSync(file, manifests);
      return kubectl('apply', '-f', file, ...args);
    },
    async request(method, path, body) {
      const token = facts.tokens.admin ?? '';
      const { Agent, request } = await import('undici');
      const dispatcher = new Agent({ connect: { ca: facts.ca } });
      const response = await request(`${facts.server}${path}`, {
        method: method as 'GET',
        dispatcher,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const answer = await response.body.json();
      await dispatcher.close();
      return { status: response.statusCode, body: answer };
    },
    kubeconfigFor(user, namespace) {
      const file = join(facts.folder, `${randomUUID()}.kubeconfig`);
      const identity = typeof user === 'string' ? { token: facts.tokens[user] ?? 'no such token' } : user;
      writeFileSync(file, kubeconfig(facts, identity, namespace), { mode: 0o600 });
      return file;
    },
    async createNamespace() {
      const name = `test-${randomUUID().slice(0, 8)}`;
      await kubectl('create', 'namespace', name);
      return name;
    },
  };
}
