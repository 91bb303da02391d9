import { Agent, request } from 'node:https';
import type { ClusterFacts } from '../../test/cluster/cluster-facts.ts';
import { type FleetObject, fleetOf } from './fleet.ts';

const CONNECTIONS = 40;
/** A server that is busy may refuse for a moment. */
const ATTEMPTS = 5;

/** Makes a fleet of so many pods grow to more of them; gives the number of objects that were created for it. */
export async function growFleet(cluster: ClusterFacts, from: number, to: number): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS, ca: cluster.ca });
  let made = 0;
  try {
    for (const wave of fleetOf(to, from)) {
      const queue = wave.values();
      await Promise.all(
        Array.from({ length: CONNECTIONS }, async () => {
          for (const object of queue) await create(cluster, agent, object);
        }),
      );
      made += wave.length;
    }
  } finally {
    agent.destroy();
  }
  return made;
}

async function create(cluster: ClusterFacts, agent: Agent, { path, object }: FleetObject): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const { status, body } = await post(cluster, agent, path, JSON.stringify(object));
    // 409 says that a controller was quicker, or that an earlier attempt came through after all.
    if (status === 201 || status === 409) return;
    if (attempt === ATTEMPTS) throw new Error(`${path} refuses ${object.metadata.name}: ${status} ${body}`);
  }
}

function post(
  { server, tokens }: ClusterFacts,
  agent: Agent,
  path: string,
  content: string,
): Promise<{ readonly status: number; readonly body: string }> {
  const headers = {
    authorization: `Bearer ${tokens.admin}`,
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(content),
  };
  return new Promise((resolve, reject) => {
    const sent = request(server + path, { method: 'POST', agent, headers }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk) => {
        body += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
      response.on('error', reject);
    });
    sent.on('error', reject);
    sent.end(content);
  });
}
