import type { Verdict } from '../../../core/check.ts';
import { defineCheck } from '../../../core/check.ts';
import type { Pod } from '../../../core/objects.ts';
import type { Resource } from '../../../core/resource.ts';
import { podsOf } from '../../../kubernetes/pods-of.ts';
import { WORKLOAD_FACTS, type Workload, workloadsOf } from '../../../kubernetes/workload.ts';
import { orNotApplicable } from '../../verdicts.ts';
import { progressOf } from './progress.ts';

/** Reasons for which the kubelet does not get an image. */
const PULL_FAULTS = new Set(['ImagePullBackOff', 'ErrImagePull', 'ErrImageNeverPull', 'InvalidImageName']);

export const rolloutObservedCheck = defineCheck({
  id: 'rollout/observed',
  title: 'Each workload has the pods that it asks for',
  severity: 'error',
  why: 'A rollout that hangs is easily overlooked: the old pods go on answering, and the release that everybody believes in was never there.',
  how: 'Every replica that a Deployment, StatefulSet or DaemonSet asks for is up to date and available, the Deployment is not past its progress deadline, and no pod waits for an image.',
  fix: 'Read kubectl describe on the pod that is named: it says whether the image, the scheduling or a probe holds the rollout up.',
  verify: 'kubectl rollout status deployment/NAME --timeout=5s',
  references: [
    'https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#deployment-status',
    'https://kubernetes.io/docs/concepts/containers/images/#imagepullbackoff',
  ],
  only: ['cluster'],
  needs: [...WORKLOAD_FACTS, 'pods'],
  evaluate: (facts) =>
    orNotApplicable(
      workloadsOf(facts)
        .filter(({ serves, kind }) => serves && kind !== 'Pod')
        .flatMap((workload) => judge(workload, podsOf(workload, facts.pods))),
      'There is no workload that keeps pods running.',
    ),
});

function judge(workload: Workload, pods: readonly Resource<Pod>[]): readonly Verdict[] {
  const pulls = pods.flatMap(pullFaults);
  if (pulls.length > 0) return pulls;
  const { locate, ref: subject } = workload.resource;
  const { at, ...progress } = progressOf(workload);
  return [{ subject, where: locate(at), ...progress }];
}

function pullFaults(pod: Resource<Pod>): readonly Verdict[] {
  const statuses = (['initContainerStatuses', 'containerStatuses'] as const).flatMap((field) =>
    (pod.object.status?.[field] ?? []).map((status, index) => ({ ...status, at: ['status', field, index] })),
  );
  return statuses.flatMap(({ name, image, state, at }): readonly Verdict[] => {
    const reason = state?.waiting?.reason ?? '';
    if (!PULL_FAULTS.has(reason)) return [];
    return [
      {
        outcome: 'fail',
        subject: `${pod.ref} container ${name}`,
        message: 'The image cannot be pulled.',
        where: pod.locate([...at, 'state', 'waiting', 'reason']),
        observed: `${reason} for ${image ?? 'an image that is not named'}`,
        expected: 'an image that the nodes can pull',
      },
    ];
  });
}
