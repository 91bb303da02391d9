import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FactName, Snapshot } from '../../src/core/facts.ts';
import type { KubernetesObject } from '../../src/core/objects.ts';
import { clusterSource } from '../../src/sources/cluster/cluster-source.ts';
import type { LiveOptions } from '../../src/sources/cluster/live-fact.ts';
import { temporaryFolder } from '../cli/temporary-folder.ts';
import { httpServer } from './endpoint-servers.ts';

/** What is listed, by the last step of the path of its list: `pods`. */
export type Lists = Readonly<Record<string, readonly KubernetesObject[]>>;

export interface Asked {
  readonly snapshot: Snapshot;
  /** `GET /api/v1/…`, in the order of arrival. */
  readonly requests: readonly string[];
}

/**
 * Observes facts of a server on loopback that lists objects, and answers for the pods as a test wants: what their programs would say
 * needs no kubelet, and a real one is asked in the cluster suite.
 */
export async function observeThrough(
  wanted: readonly FactName[],
  lists: Lists,
  answer: (request: IncomingMessage, response: ServerResponse) => void,
  live: Partial<LiveOptions> = {},
): Promise<Asked> {
  await using server = await httpServer((request, response) => {
    const [path = ''] = (request.url ?? '').split('?');
    if (path === '/version') return say(response, 200, { gitVersion: 'v1.37.2' });
    if (path === '/apis') return refuse(response, 404, 'NotFound', 'not found');
    if (/\/pods\/[^/]+\/(?:log|proxy)/.test(path)) return answer(request, response);
    return say(response, 200, { kind: 'SomeList', items: lists[path.split('/').at(-1) ?? ''] ?? [] });
  });
  const cluster = { name: 'test', cluster: { server: server.url, 'insecure-skip-tls-verify': true } };
  const context = { name: 'test', context: { cluster: 'test', user: 'test', namespace: 'prod' } };
  const user = { name: 'test', user: { token: 'a-token-that-no-pod-may-see' } };
  const config = { clusters: [cluster], contexts: [context], users: [user], 'current-context': 'test' };
  const kubeconfig = `${temporaryFolder({ config: JSON.stringify(config) })}/config`;
  const source = clusterSource({ kubeconfig, namespaces: [], env: {}, live });
  const snapshot = await source.collect(new Set(wanted), new AbortController().signal);
  return { snapshot, requests: [...server.requests] };
}

/** A Status object, as the API server refuses with. */
export function refuse(
  response: ServerResponse,
  code: number,
  reason: string,
  message: string,
  details: object = {},
): void {
  say(response, code, { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason, message, details, code });
}

function say(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
