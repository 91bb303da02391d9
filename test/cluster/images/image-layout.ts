import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TarEntry, tar } from './tar.ts';

export interface ImageOptions {
  /** Each list of entries, or finished archive, becomes one layer. */
  readonly layers: readonly (readonly TarEntry[] | Buffer)[];
  readonly entrypoint: readonly string[];
  readonly command?: readonly string[];
  readonly user?: string;
  readonly env?: readonly string[];
  readonly stopSignal?: string;
}

const MANIFEST_TYPE = 'application/vnd.oci.image.manifest.v1+json';

/** Writes an image as an OCI image layout into a folder: blobs by digest, and an index that names the image. */
export function writeImageLayout(folder: string, options: ImageOptions): void {
  const { layers, entrypoint, command = [], user = '', env = [], stopSignal } = options;
  mkdirSync(join(folder, 'blobs', 'sha256'), { recursive: true });
  const add = (content: Buffer | string, mediaType: string) => {
    const hex = createHash('sha256').update(content).digest('hex');
    writeFileSync(join(folder, 'blobs', 'sha256', hex), content);
    return { mediaType, digest: `sha256:${hex}`, size: Buffer.byteLength(content) };
  };
  const layerBlobs = layers.map((layer) =>
    add(Buffer.isBuffer(layer) ? layer : tar(layer), 'application/vnd.oci.image.layer.v1.tar'),
  );
  const config = {
    architecture: process.arch === 'x64' ? 'amd64' : process.arch,
    os: 'linux',
    config: {
      Entrypoint: entrypoint,
      Cmd: command,
      User: user,
      Env: ['PATH=/usr/local/bin:/usr/bin:/bin', ...env],
      ...(stopSignal === undefined ? {} : { StopSignal: stopSignal }),
    },
    rootfs: { type: 'layers', diff_ids: layerBlobs.map(({ digest }) => digest) },
  };
  const manifest = {
    schemaVersion: 2,
    mediaType: MANIFEST_TYPE,
    config: add(JSON.stringify(config), 'application/vnd.oci.image.config.v1+json'),
    layers: layerBlobs,
  };
  const manifests = [add(JSON.stringify(manifest), MANIFEST_TYPE)];
  writeFileSync(join(folder, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests }));
  writeFileSync(join(folder, 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }));
}
