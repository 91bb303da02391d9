import type { Verdict } from '../../../core/check.ts';
import { defineCheck } from '../../../core/check.ts';
import { containersOf, WORKLOAD_FACTS, type WorkloadContainer, workloadsOf } from '../../../kubernetes/workload.ts';
import { orNotApplicable } from '../../verdicts.ts';
import { faultOfImage } from './fault.ts';

export const pinnedCheck = defineCheck({
  id: 'image/pinned',
  title: 'Every image is named by a digest or by a tag that stays what it is',
  severity: 'error',
  why: 'With a tag that moves, two pods of one Deployment can run different programs, nobody can tell which, and there is nothing to roll back to.',
  how: 'Each image is parsed as the runtimes parse it, so that the port of a registry is no tag. A digest passes, and so does a tag with a whole version, a date or a commit in it. No tag and latest are errors, another name without a number (main, stable) is a warning, a version without its second part (18, 3-slim) is a note.',
  fix: 'Write the digest, such as name:1.4.2@sha256:…, or at least a tag that the build never writes twice.',
  verify:
    'kubectl get pods -o jsonpath=\'{range .items[*].status.containerStatuses[*]}{.image} {.imageID}{"\\n"}{end}\'',
  references: ['https://kubernetes.io/docs/concepts/containers/images/#image-names'],
  needs: WORKLOAD_FACTS,
  evaluate: (facts) =>
    orNotApplicable(workloadsOf(facts).flatMap(containersOf).flatMap(judge), 'No container names an image.'),
});

function judge({ container: { image }, subject, path, workload }: WorkloadContainer): readonly Verdict[] {
  if (image == null || image === '') return [];
  const where = workload.resource.locate([...path, 'image']);
  const fault = faultOfImage(image);
  return [
    fault === undefined
      ? { outcome: 'pass', subject, message: 'The image stays what it is.', where, observed: image }
      : {
          outcome: 'fail',
          subject,
          where,
          observed: image,
          expected: 'a digest, or a tag with a whole version',
          ...fault,
        },
  ];
}
