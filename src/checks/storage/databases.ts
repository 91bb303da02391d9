import type { Path } from '../../core/location.ts';
import type { PersistentVolumeClaim } from '../../core/objects.ts';
import type { Resource } from '../../core/resource.ts';
import type { Settings } from '../../core/settings.ts';
import { findByName } from '../../kubernetes/by-name.ts';
import { databaseImage } from '../../kubernetes/database-image.ts';
import { playing, type RoleFacts, rolesOf } from '../../kubernetes/roles.ts';
import { containersOf, type Workload, type WorkloadContainer } from '../../kubernetes/workload.ts';

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

export function databasesOf(facts: RoleFacts, settings: Settings): readonly Workload[] {
  return playing('database', rolesOf(facts, settings));
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

/** The container that runs the database itself, and not its exporter. */
export function databaseContainer(workload: Workload): WorkloadContainer | undefined {
  const main = containersOf(workload).filter(({ role }) => role === 'main');
  return main.find(({ container }) => databaseImage(container.image) !== undefined) ?? main[0];
}
