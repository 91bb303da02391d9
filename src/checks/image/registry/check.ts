import type { Verdict } from '../../../core/check.ts';
import { defineCheck } from '../../../core/check.ts';
import { parseImageReference } from '../../../kubernetes/image-reference.ts';
import { containersOf, WORKLOAD_FACTS, type WorkloadContainer, workloadsOf } from '../../../kubernetes/workload.ts';
import { notApplicable, orNotApplicable } from '../../verdicts.ts';

/** Where the runtimes look for a name without a registry. */
const DEFAULT_REGISTRY = 'docker.io';

export const registryCheck = defineCheck({
  id: 'image/registry',
  title: 'Every image comes from a registry that the owner allows',
  severity: 'warning',
  why: 'A registry that nobody chose is one that nobody scans, mirrors or keeps: an image can vanish, be limited, or be somebody else under the same name.',
  how: 'The registry of each image, docker.io where none is written, is one of registries in the configuration: a host, or a host with the beginning of a path. Without a list nothing is judged.',
  fix: 'Copy the image to a registry of the list, or add its registry to the list.',
  verify: "kubectl get pods -A -o jsonpath='{.items[*].spec.containers[*].image}' | tr ' ' '\\n' | sort -u",
  references: ['https://kubernetes.io/docs/concepts/containers/images/#image-names'],
  needs: WORKLOAD_FACTS,
  evaluate: (facts, { registries }) =>
    registries.length === 0
      ? notApplicable('the input', 'The configuration names no registries.')
      : orNotApplicable(
          workloadsOf(facts)
            .flatMap(containersOf)
            .flatMap((container) => judge(container, registries)),
          'No container names an image.',
        ),
});

function judge(
  { container: { image }, subject, path, workload }: WorkloadContainer,
  registries: readonly string[],
): readonly Verdict[] {
  if (image == null || image === '') return [];
  const where = workload.resource.locate([...path, 'image']);
  const reference = parseImageReference(image);
  if (reference === undefined)
    return [{ outcome: 'unknown', subject, message: 'This is no image reference.', where, observed: image }];
  const host = reference.registry ?? DEFAULT_REGISTRY;
  // Docker's own names for one place.
  const registry = host === 'index.docker.io' || host === 'registry-1.docker.io' ? DEFAULT_REGISTRY : host;
  const isOfficial = registry === DEFAULT_REGISTRY && !reference.repository.includes('/');
  const name = `${registry}/${isOfficial ? 'library/' : ''}${reference.repository}`;
  const allowed = registries.find((prefix) => `${name}/`.startsWith(`${prefix.replace(/\/+$/, '')}/`));
  return [
    allowed === undefined
      ? {
          outcome: 'fail',
          subject,
          message: `The image comes from ${registry}, which is not on the list.`,
          where,
          observed: name,
          expected: `one of ${registries.join(', ')}`,
        }
      : { outcome: 'pass', subject, message: 'The registry is allowed.', where, observed: name, expected: allowed },
  ];
}
