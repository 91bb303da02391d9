import type { ServerResponse } from 'node:http';
import type { FactName, Snapshot } from '../../src/core/facts.ts';
import { clusterSource } from '../../src/sources/cluster/cluster-source.ts';
import { temporaryFolder } from '../cli/temporary-folder.ts';
import { httpServer, type TestServer } from './endpoint-servers.ts';

/** What a path answers: an object, with 200, or a refusal. */
export type Answers = Readonly<Record<string, object | Refusal>>;

export class Refusal {
  readonly status: number;
  readonly message: string;

  constructor(status: number, message: string) {
    this.status = status;
    this.message = message;
  }
}

/** An HTTP server that answers as an API server does, for what a real control plane without a node cannot: a kubelet's figures. */
export function apiServer(answers: Answers): Promise<TestServer> {
  const known: Answers = {
    '/version': { gitVersion: 'v1.37.0' },
    '/apis': { kind: 'APIGroupList', groups: [{ name: 'storage.k8s.io', versions: [{ version: 'v1' }] }] },
    ...answers,
  };
  return httpServer((request, response) => {
    const answer = known[(request.url ?? '').split('?')[0] ?? ''] ?? new Refusal(404, 'the server could not find it');
    if (answer instanceof Refusal) send(response, answer.status, { kind: 'Status', message: answer.message });
    else send(response, 200, answer);
  });
}

/** What the cluster source makes of it, for one namespace or all. */
export async function observed(
  { url }: TestServer,
  wanted: readonly FactName[],
  namespaces: readonly string[] | 'all' = ['qna'],
): Promise<Snapshot['facts']> {
  const named = { name: 'test' };
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'test',
    clusters: [{ ...named, cluster: { server: url, 'insecure-skip-tls-verify': true } }],
    users: [{ ...named, user: { token: 'nobody-reads-this' } }],
    contexts: [{ ...named, context: { cluster: 'test', user: 'test', namespace: 'qna' } }],
  };
  const folder = temporaryFolder({ 'config.json': JSON.stringify(config) });
  const source = clusterSource({ kubeconfig: `${folder}/config.json`, namespaces, env: {}, timeoutMs: 5000 });
  return (await source.collect(new Set(wanted), new AbortController().signal)).facts;
}

export function listOf(kind: string, ...items: readonly object[]): object {
  return { kind: `${kind}List`, items };
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
