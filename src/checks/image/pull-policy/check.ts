import type { Verdict } from '../../../core/check.ts';
import { defineCheck } from '../../../core/check.ts';
import { containersOf, WORKLOAD_FACTS, type WorkloadContainer, workloadsOf } from '../../../kubernetes/workload.ts';
import { orNotApplicable } from '../../verdicts.ts';
import { faultOfImage } from '../pinned/fault.ts';

export const pullPolicyCheck = defineCheck({
  id: 'image/pull-policy',
  title: 'What a node kept of an earlier pull cannot be run by mistake',
  severity: 'warning',
  why: 'With IfNotPresent a node runs what it pulled first under a name, so that a tag that moves is another program on each node. With Never a pod starts only where somebody put the image by hand.',
  how: 'The policy is the written one, else Always for latest or no tag and IfNotPresent for all others, as the API server fills it in. Never fails. IfNotPresent passes for an image that stays what it is, and fails for one that moves, which is a note where the tag names a line of versions.',
  fix: 'Name the image by its digest or by a whole version, or set imagePullPolicy: Always.',
  mends: 'imagePullPolicy: Always where none is written and the tag moves.',
  verify: "kubectl get pods -o jsonpath='{.items[*].spec.containers[*].imagePullPolicy}'",
  references: ['https://kubernetes.io/docs/concepts/containers/images/#image-pull-policy'],
  needs: WORKLOAD_FACTS,
  evaluate: (facts) =>
    orNotApplicable(workloadsOf(facts).flatMap(containersOf).flatMap(judge), 'No container names an image.'),
});

function judge({ container, subject, path, workload }: WorkloadContainer): readonly Verdict[] {
  const { image, imagePullPolicy: written } = container;
  if (image == null || image === '') return [];
  const moves = faultOfImage(image);
  const policy = written ?? (moves?.severity === 'error' ? 'Always' : 'IfNotPresent');
  const where = workload.resource.locate([...path, 'imagePullPolicy']);
  const observed = `imagePullPolicy ${written ?? `not written, which means ${policy}`}, image ${image}`;
  if (policy === 'Never')
    return [
      {
        outcome: 'fail',
        subject,
        message: 'The image is never pulled, so the pod starts only on a node that has it already.',
        where,
        observed,
        expected: 'Always, or IfNotPresent',
      },
    ];
  if (policy === 'IfNotPresent' && moves !== undefined)
    return [
      {
        outcome: 'fail',
        severity: moves.severity === 'note' ? 'note' : 'warning',
        subject,
        message: 'The tag moves, and each node keeps what it pulled first.',
        where,
        observed,
        expected: 'Always, or an image that stays what it is',
        ...(written == null
          ? {
              mend: {
                resource: workload.resource,
                changes: [{ do: 'set', path: [...path, 'imagePullPolicy'], value: 'Always' }],
              },
            }
          : {}),
      },
    ];
  return [{ outcome: 'pass', subject, message: 'Every node runs the same program.', where, observed }];
}
