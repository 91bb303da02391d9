import { readFileSync } from 'node:fs';
import { Agent, get } from 'node:https';

/**
 * The least that a listing of these kinds can cost in Node.js: pages of 500, six requests at a time, each page parsed and thrown
 * away. Arguments: a file with the server's address, authority and token as JSON; then the paths of the lists.
 */
const [file = '', ...paths] = process.argv.slice(2);
const { server, ca, token } = JSON.parse(readFileSync(file, 'utf8'));
const agent = new Agent({ keepAlive: true, ca, maxSockets: 6 });
const counts = await Promise.all(paths.map(count));
agent.destroy();
console.log(counts.reduce((sum, of) => sum + of, 0));

async function count(path: string): Promise<number> {
  let objects = 0;
  for (let next = ''; ; ) {
    const page = JSON.parse(await read(`${path}?limit=500&continue=${encodeURIComponent(next)}`));
    objects += page.items?.length ?? 0;
    next = page.metadata.continue ?? '';
    if (next === '') return objects;
  }
}

function read(path: string): Promise<string> {
  const headers = { authorization: `Bearer ${token}`, accept: 'application/json' };
  return new Promise((resolve, reject) => {
    get(server + path, { agent, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const body = Buffer.concat(chunks).toString();
        if (response.statusCode === 200) resolve(body);
        else reject(new Error(`${path}: ${response.statusCode} ${body}`));
      });
    }).on('error', reject);
  });
}
