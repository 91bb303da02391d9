import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { UserError } from '../../core/errors.ts';
import { type CustomKind, customKinds } from '../../kubernetes/schema/custom-kinds.ts';
import { readManifest } from './manifest.ts';
import { readText, systemReason } from './read-text.ts';
import { walk } from './walk.ts';

/** Reads the CustomResourceDefinitions of files and folders, whether git ignores them or not. */
export function readDefinitions(paths: readonly string[], cwd: string): readonly CustomKind[] {
  return paths.flatMap((path) => {
    const kinds = filesOf(path, resolve(cwd, path)).flatMap((file) => kindsIn(file));
    if (kinds.length === 0)
      throw new UserError(`${path} holds no CustomResourceDefinition.`, {
        hint: 'Give the folder or the file that defines your custom resources; kubectl get crd NAME -o yaml writes one.',
      });
    return kinds;
  });
}

function filesOf(shown: string, absolute: string): readonly string[] {
  try {
    if (!statSync(absolute).isDirectory()) return [absolute];
  } catch (error) {
    throw new UserError(`${shown} cannot be read: ${systemReason(error)}.`, {
      hint: 'Give a file or a folder with --crds.',
      cause: error,
    });
  }
  return walk(absolute, undefined)
    .files.map(({ file }) => file)
    .filter((file) => /\.(?:ya?ml|json)$/.test(file));
}

function kindsIn(file: string): readonly CustomKind[] {
  const read = readText(file);
  if (!read.ok)
    throw new UserError(`${file} cannot be read: ${read.reason}.`, { hint: 'Mend it, or take it out of --crds.' });
  const { objects, notSeen } = readManifest(file, read.text);
  const [gap] = notSeen;
  if (gap !== undefined && objects.length === 0)
    throw new UserError(`${file} defines nothing: ${gap.reason}.`, { hint: 'Mend it, or take it out of --crds.' });
  return objects.flatMap(({ object }) => customKinds(object));
}
