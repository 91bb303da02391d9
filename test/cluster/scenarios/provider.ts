import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { TestCluster } from '../use-cluster.ts';

export interface Provider {
  /** The base URL of the API, as pods reach it. */
  readonly baseUrl: string;
  stop(): Promise<void>;
}

/** Starts a stand-in for the provider of the model where pods reach it: on the node, in the network of the cluster. */
export async function startProvider({ facts: { node } }: TestCluster): Promise<Provider> {
  if (node === undefined) throw new Error('Only pods ask a provider, and they need a node.');
  const [program = '', ...enter] = node.enter;
  const script = join(import.meta.dirname, 'provider-process.ts');
  const child = spawn(program, [...enter, process.execPath, script, node.address], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const ended = once(child, 'exit');
  return {
    baseUrl: `${line.toString().trim()}/v1`,
    async stop() {
      child.stdin.end();
      await ended;
    },
  };
}
