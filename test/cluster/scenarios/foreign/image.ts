import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serviceImage } from '../../images/service-image.ts';
import { tar } from '../../images/tar.ts';
import type { TestCluster } from '../../use-cluster.ts';

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

/** Publishes the program of another team: one more layer on the image of ours, which has Node.js and a client of PostgreSQL. */
export async function publishForeign(cluster: TestCluster, references: readonly string[]): Promise<void> {
  const layout = mkdtempSync(join(tmpdir(), 'qna-foreign-'));
  try {
    cpSync(await serviceImage(), layout, { recursive: true });
    addLayer(layout, readFileSync(join(import.meta.dirname, 'program.mjs')));
    for (const reference of references) cluster.publishImage(reference, layout);
  } finally {
    rmSync(layout, { recursive: true, force: true });
  }
}

function addLayer(layout: string, program: Buffer): void {
  const blob = (digest: string) => join(layout, 'blobs', 'sha256', digest.replace('sha256:', ''));
  const read = (digest: string) => JSON.parse(readFileSync(blob(digest), 'utf8'));
  const add = (content: Buffer | string, mediaType: string): Descriptor => {
    const digest = `sha256:${createHash('sha256').update(content).digest('hex')}`;
    writeFileSync(blob(digest), content);
    return { mediaType, digest, size: Buffer.byteLength(content) };
  };
  const index = JSON.parse(readFileSync(join(layout, 'index.json'), 'utf8'));
  const [{ digest, mediaType }] = index.manifests;
  const manifest = read(digest);
  const config = read(manifest.config.digest);
  const layer = add(tar([{ path: 'app/program.mjs', mode: 0o644, content: program }]), LAYER_TYPE);
  config.config.Cmd = ['node', '/app/program.mjs'];
  config.rootfs.diff_ids.push(layer.digest);
  const changed = {
    ...manifest,
    config: add(JSON.stringify(config), manifest.config.mediaType),
    layers: [...manifest.layers, layer],
  };
  index.manifests = [add(JSON.stringify(changed), mediaType)];
  writeFileSync(join(layout, 'index.json'), JSON.stringify(index));
}

const LAYER_TYPE = 'application/vnd.oci.image.layer.v1.tar';
