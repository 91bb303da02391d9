import type { Verdict } from '../../../core/check.ts';
import type { Facts } from '../../../core/facts.ts';
import type { Pod } from '../../../core/objects.ts';
import type { Resource } from '../../../core/resource.ts';
import { parseImageReference } from '../../../kubernetes/image-reference.ts';
import { parseImageId, type RunningImage } from '../../../kubernetes/running-image.ts';
import type { WorkloadContainer } from '../../../kubernetes/workload.ts';

/** One container of one pod, as it runs. */
export interface Copy {
  readonly pod: Resource<Pod>;
  /** What the pod itself names, which an admission webhook may have changed. */
  readonly image: string;
  /** Undefined where it has not started, or the runtime says it in no form that is known. */
  readonly running: RunningImage | undefined;
  readonly imageId: string;
  /** The version of the template that the pod was made from. */
  readonly revision: string;
  readonly architecture: string | undefined;
}

/** A pod that was told to go may well be of the release before. */
export function isStaying({ object }: Resource<Pod>): boolean {
  return object.metadata?.deletionTimestamp === undefined;
}

const REVISIONS = ['pod-template-hash', 'controller-revision-hash'];

export function copiesOf(
  { container: { name = '' }, role }: WorkloadContainer,
  pods: readonly Resource<Pod>[],
  architectures: Facts['nodeArchitectures'],
): readonly Copy[] {
  const [specs, statuses] =
    role === 'main'
      ? (['containers', 'containerStatuses'] as const)
      : (['initContainers', 'initContainerStatuses'] as const);
  return pods.flatMap((pod): readonly Copy[] => {
    const { metadata, spec, status } = pod.object;
    const image = spec?.[specs]?.find((container) => container.name === name)?.image;
    if (image === undefined) return [];
    const { imageID: imageId = '' } = status?.[statuses]?.find((container) => container.name === name) ?? {};
    return [
      {
        pod,
        image,
        imageId,
        running: parseImageId(imageId),
        revision: REVISIONS.map((label) => metadata?.labels?.[label]).find((hash) => hash !== undefined) ?? '',
        architecture: architectures[spec?.nodeName ?? ''],
      },
    ];
  });
}

/** Pods that name another image than their template does now: of an older version, or changed in place. */
export function driftOf(
  { container, subject, path, workload }: WorkloadContainer,
  copies: readonly Copy[],
): readonly Verdict[] {
  const declared = container.image ?? '';
  const drifted = copies.filter(({ image }) => isAnother(declared, image));
  if (drifted.length === 0) return [];
  return [
    {
      outcome: 'fail',
      subject,
      message: `${drifted.length === copies.length ? 'No pod runs' : `Of ${copies.length} pods ${drifted.length} do not run`} the image that the template names.`,
      where: workload.resource.locate([...path, 'image']),
      observed: drifted.map(({ pod, image }) => `${image} in ${pod.ref}`).join('; '),
      expected: declared,
    },
  ];
}

/** A registry may be replaced by its mirror and a tag by its digest when a pod is admitted; neither makes another image of it. */
function isAnother(declared: string, image: string): boolean {
  const [wanted, found] = [parseImageReference(declared), parseImageReference(image)];
  if (wanted === undefined || found === undefined) return false;
  if (wanted.digest !== undefined && found.digest !== undefined) return wanted.digest !== found.digest;
  if (found.digest !== undefined && found.tag === undefined) return false;
  return wanted.digest === undefined && (wanted.tag ?? 'latest') !== (found.tag ?? 'latest');
}
