import { appendFileSync, copyFileSync, existsSync, linkSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Puts an image, given as an OCI image layout, under a reference into the store that the run's registry serves. */
export function publishImage(store: string, reference: string, layout: string): void {
  const from = join(layout, 'blobs', 'sha256');
  const to = join(store, 'blobs', 'sha256');
  mkdirSync(to, { recursive: true });
  for (const blob of readdirSync(from)) if (!existsSync(join(to, blob))) share(join(from, blob), join(to, blob));
  const { manifests } = JSON.parse(readFileSync(join(layout, 'index.json'), 'utf8')) as {
    readonly manifests: readonly { readonly digest: string }[];
  };
  const line = { reference: fullReference(reference), digest: manifests[0]?.digest };
  appendFileSync(join(store, 'references.jsonl'), `${JSON.stringify(line)}\n`);
}

/** The digest of the image that was last published under a reference such as `docker.io/library/busybox:1`. */
export function publishedDigest(store: string, reference: string): string | undefined {
  const file = join(store, 'references.jsonl');
  if (!existsSync(file)) return undefined;
  const lines = readFileSync(file, 'utf8').trim().split('\n').toReversed();
  return lines
    .map((line) => JSON.parse(line) as { readonly reference: string; readonly digest: string })
    .find((line) => line.reference === reference)?.digest;
}

/** A second name for the same bytes where both lie on one file system, which saves copying hundreds of megabytes. */
function share(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to);
  }
}

/** Adds what a short reference leaves out, as every container runtime does. */
function fullReference(reference: string): string {
  const [first = '', ...rest] = reference.split('/');
  const hasHost = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  const path = hasHost ? reference : `docker.io/${rest.length === 0 ? 'library/' : ''}${reference}`;
  return /:[^/]+$/.test(path) ? path : `${path}:latest`;
}
