import type { Pod } from '../core/objects.ts';

/** The names of the claims that a pod mounts, in its own namespace. A generic ephemeral volume makes one for itself. */
export function claimsMountedBy({ spec, metadata }: Pod): readonly string[] {
  return (spec?.volumes ?? []).flatMap(({ name, persistentVolumeClaim, ephemeral }) => {
    if (persistentVolumeClaim?.claimName !== undefined) return [persistentVolumeClaim.claimName];
    return ephemeral === undefined ? [] : [`${metadata?.name}-${name}`];
  });
}
