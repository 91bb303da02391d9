import { defineCheck } from '../../../core/check.ts';
import { isMadeBy, podsOf } from '../../../kubernetes/pods-of.ts';
import { containersOf, WORKLOAD_FACTS, workloadsOf } from '../../../kubernetes/workload.ts';
import { orNotApplicable } from '../../verdicts.ts';
import { judgeCopies } from './copies.ts';
import { copiesOf, driftOf, isStaying } from './running-copies.ts';

export const runningCheck = defineCheck({
  id: 'image/running',
  title: 'Every replica runs the image that is declared, and the same one',
  severity: 'error',
  why: 'A tag that was written twice makes two replicas of one Deployment run two programs, depending on when each node pulled it. A StatefulSet that replaces no pods by itself runs the old release while everybody reads the new one in its manifest.',
  how: 'For each container of a workload, its pods name the image that the template names, by digest where it has one and else by tag; and pods of one template (pod-template-hash, controller-revision-hash) with the same image run one digest, by status.containerStatuses[].imageID. Two digests are held against each other only where that can be done: both of a manifest in one repository, or both of a config, on nodes of one architecture. Where it cannot, and where the runtime tells another digest than the declared one, which the index and the manifest of one platform of the same image do too, the answer is unknown.',
  fix: 'Name the image by digest, or by a tag that is never written again, and roll the workload out: kubectl rollout restart. Delete the pods of a workload whose updateStrategy is OnDelete.',
  verify:
    'kubectl get pods -o jsonpath=\'{range .items[*]}{.metadata.name}{range .status.containerStatuses[*]} {.image} {.imageID}{end}{"\\n"}{end}\'',
  references: [
    'https://kubernetes.io/docs/concepts/containers/images/#image-names',
    'https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#PodStatus',
  ],
  only: ['cluster'],
  needs: [...WORKLOAD_FACTS, 'pods', 'nodeArchitectures'],
  evaluate: (facts) =>
    orNotApplicable(
      workloadsOf(facts)
        .filter(({ serves }) => serves)
        .flatMap((workload) => {
          const pods = podsOf(workload, facts.pods).filter((pod) => isStaying(pod) && isMadeBy(pod, workload));
          return containersOf(workload).flatMap((container) => {
            const copies = copiesOf(container, pods, facts.nodeArchitectures);
            if (copies.length === 0) return [];
            const drift = driftOf(container, copies);
            return drift.length > 0 ? drift : judgeCopies(container, copies);
          });
        }),
      'No workload that keeps pods running has one.',
    ),
});
