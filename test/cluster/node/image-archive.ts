import { createHash } from 'node:crypto';
import { type TarEntry, tar } from './tar.ts';

export interface ImageOptions {
  /** The name that pods use, with its tag. */
  readonly reference: string;
  readonly files: readonly TarEntry[];
  readonly command: readonly string[];
  readonly user?: string;
  readonly env?: readonly string[];
}

/** An image of one layer, in the format that `docker save` writes and containerd imports. */
export function imageArchive({ reference, files, command, user = '', env = [] }: ImageOptions): Buffer {
  const layer = tar(files);
  const config = JSON.stringify({
    architecture: process.arch === 'x64' ? 'amd64' : process.arch,
    os: 'linux',
    config: { Entrypoint: command, User: user, Env: ['PATH=/usr/bin:/bin', ...env] },
    rootfs: { type: 'layers', diff_ids: [`sha256:${digest(layer)}`] },
  });
  const manifest = [{ Config: `${digest(config)}.json`, RepoTags: [reference], Layers: ['layer.tar'] }];
  return tar([
    { path: `${digest(config)}.json`, mode: 0o644, content: config },
    { path: 'layer.tar', mode: 0o644, content: layer },
    { path: 'manifest.json', mode: 0o644, content: JSON.stringify(manifest) },
  ]);
}

function digest(content: Uint8Array | string): string {
  return createHash('sha256').update(content).digest('hex');
}
