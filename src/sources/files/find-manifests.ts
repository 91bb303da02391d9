import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import type { KubernetesObject } from '../../core/objects.ts';
import { gather } from './gather.ts';

/**
 * The objects below those of some folders that exist, with subfolders and kustomizations; Secrets are left out. A link is not
 * followed: what it leads to may be no part of the project.
 */
export async function findManifests(cwd: string, folders: readonly string[]): Promise<readonly KubernetesObject[]> {
  const paths = folders.filter((path) => lstatSync(join(cwd, path), { throwIfNoEntry: false })?.isDirectory());
  const { objects } = await gather({ paths, cwd, stdin: (async function* () {})() });
  return objects.map(({ object }) => object).filter(({ kind }) => kind !== 'Secret');
}
