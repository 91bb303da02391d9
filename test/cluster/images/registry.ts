import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { publishedDigest } from './image-store.ts';

/**
 * A registry that the node asks in place of every other one, so that images have their real names and every pull policy
 * works: the reading half of the OCI distribution specification, over the run's image store.
 */
export async function startRegistry(store: string, host: string, port: number): Promise<Server> {
  const server = createServer((request, response) => answer(store, request, response));
  await new Promise<void>((resolve) => server.listen(port, host, resolve));
  return server;
}

function answer(store: string, request: IncomingMessage, response: ServerResponse): void {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://registry');
  if (pathname === '/v2/') {
    response.end();
    return;
  }
  const [, name = '', kind, reference = ''] = /^\/v2\/(.+)\/(manifests|blobs)\/([^/]+)$/.exec(pathname) ?? [];
  const isDigest = reference.startsWith('sha256:');
  // A mirror is told by `ns` which registry it stands for.
  const image = `${searchParams.get('ns') ?? ''}/${name}:${reference}`;
  const digest = isDigest ? reference : publishedDigest(store, image);
  const blob = join(store, 'blobs', 'sha256', /^sha256:([0-9a-f]{64})$/.exec(digest ?? '')?.[1] ?? 'none');
  if (!existsSync(blob)) {
    const code = kind === 'blobs' ? 'BLOB_UNKNOWN' : 'MANIFEST_UNKNOWN';
    response.writeHead(404, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ errors: [{ code, message: `${image} was not published` }] }));
    return;
  }
  response.writeHead(200, {
    'content-type': kind === 'manifests' ? mediaTypeOf(blob) : 'application/octet-stream',
    'content-length': statSync(blob).size,
    'docker-content-digest': digest,
  });
  if (request.method === 'HEAD') response.end();
  else createReadStream(blob).pipe(response);
}

function mediaTypeOf(manifest: string): string {
  const { mediaType } = JSON.parse(readFileSync(manifest, 'utf8')) as { readonly mediaType?: string };
  return mediaType ?? 'application/vnd.oci.image.manifest.v1+json';
}
