import type { Path } from '../../core/location.ts';
import type { PersistentVolumeClaim } from '../../core/objects.ts';
import type { Resource } from '../../core/resource.ts';
import type { Workload } from '../workload.ts';
import { findByName } from './by-name.ts';

/** A claim that a workload holds: one that exists beside it, or one that its StatefulSet makes for each pod. */
export interface HeldClaim {
  readonly workload: Workload;
  /** The name of the volume in the pod. */
  readonly volume: string;
  readonly path: Path;
  /** Set for a claim that exists beside the workload. */
  readonly claimName?: string;
  /** Set for a claim that is made from a template. */
  readonly template?: NonNullable<PersistentVolumeClaim['spec']>;
}

interface WithTemplates {
  readonly spec?: {
    readonly volumeClaimTemplates?: readonly {
      readonly metadata?: { readonly name?: string };
      readonly spec?: PersistentVolumeClaim['spec'];
    }[];
  };
}

/** Every claim of a workload. A template takes the place of a volume of the same name. */
export function claimsOf(workload: Workload): readonly HeldClaim[] {
  const templates = ((workload.resource.object as WithTemplates).spec?.volumeClaimTemplates ?? []).map(
    (template, index) => ({
      workload,
      volume: template.metadata?.name ?? '',
      path: ['spec', 'volumeClaimTemplates', index],
      template: template.spec ?? {},
    }),
  );
  const volumes = (workload.spec.volumes ?? []).flatMap(({ name = '', persistentVolumeClaim }, index) =>
    persistentVolumeClaim == null || templates.some(({ volume }) => volume === name)
      ? []
      : [
          {
            workload,
            volume: name,
            path: [...workload.specPath, 'volumes', index, 'persistentVolumeClaim', 'claimName'],
            claimName: persistentVolumeClaim.claimName ?? '',
          },
        ],
  );
  return [...templates, ...volumes];
}

/** The claim that a held claim names, where it is among the input. */
export function namedClaim(
  { claimName, workload }: HeldClaim,
  claims: readonly Resource<PersistentVolumeClaim>[],
): Resource<PersistentVolumeClaim> | undefined {
  return findByName(claims, claimName, workload.resource.object);
}
