// A registry that has one package in one version, the tarball of which is its argument. It prints its address, and ends with its standard input.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { basename } from 'node:path';

const [tarball = ''] = process.argv.slice(2);
const bytes = readFileSync(tarball);
const [, name, version] = /^(.+)-(\d+\.\d+\.\d+)\.tgz$/.exec(basename(tarball)) ?? [];
const server = createServer((request, response) => {
  const url = `http://${request.headers.host}`;
  if (request.url === `/${name}.tgz`) return response.end(bytes);
  if (request.url !== `/${name}`) return response.writeHead(404).end('{}');
  const integrity = `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
  const dist = { tarball: `${url}/${name}.tgz`, integrity };
  const versions = { [version]: { name, version, bin: { [name]: 'run.js' }, dist } };
  response.setHeader('content-type', 'application/json');
  return response.end(JSON.stringify({ name, 'dist-tags': { latest: version }, versions }));
});
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address();
  process.stdout.write(`http://127.0.0.1:${port}/\n`);
});
process.stdin.resume().on('end', () => process.exit(0));
