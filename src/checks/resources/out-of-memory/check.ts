import type { Verdict } from '../../../core/check.ts';
import { defineCheck } from '../../../core/check.ts';
import type { Pod } from '../../../core/objects.ts';
import type { Resource } from '../../../core/resource.ts';
import { orNotApplicable } from '../../verdicts.ts';

/** What the kubelet writes when the kernel has killed a container for its memory. */
const REASON = 'OOMKilled';

export const outOfMemoryCheck = defineCheck({
  id: 'resources/out-of-memory',
  title: 'No container was killed for its memory',
  severity: 'error',
  why: 'The kernel kills without a warning: every answer that was under way is lost, and nothing in the log says why the process began again.',
  how: 'Neither the present nor the last state of any container, init containers and sidecars included, ended with the reason OOMKilled. The cluster forgets older states, so this tells of the last end of each container only.',
  fix: 'Measure the memory under load, then raise the memory limit, or bound what the process takes, as with --max-old-space-size for Node.js.',
  verify: 'kubectl get pods -o jsonpath=\'{range .items[*]}{.metadata.name} {..terminated.reason}{"\\n"}{end}\'',
  references: [
    'https://kubernetes.io/docs/tasks/configure-pod-container/assign-memory-resource/#exceed-a-container-s-memory-limit',
    'https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/#how-pods-with-resource-limits-are-run',
  ],
  only: ['cluster'],
  needs: ['pods'],
  evaluate: ({ pods }) => orNotApplicable(pods.flatMap(judge), 'There is no pod.'),
});

function judge(pod: Resource<Pod>): readonly Verdict[] {
  const kills = (['initContainerStatuses', 'containerStatuses'] as const).flatMap((field) =>
    (pod.object.status?.[field] ?? []).flatMap(({ name, state, lastState, restartCount = 0 }, index) => {
      const which = state?.terminated?.reason === REASON ? 'state' : 'lastState';
      const ended = which === 'state' ? state?.terminated : lastState?.terminated;
      return ended?.reason === REASON ? [{ name, ended, restartCount, at: ['status', field, index, which] }] : [];
    }),
  );
  if (kills.length === 0)
    return [
      {
        outcome: 'pass',
        subject: pod.ref,
        message: 'No container of the pod was killed for its memory.',
        where: pod.locate(['status']),
      },
    ];
  return kills.map(({ name, ended, restartCount, at }) => ({
    outcome: 'fail',
    subject: `${pod.ref} container ${name}`,
    message: 'The container was killed because it took more memory than it may.',
    where: pod.locate([...at, 'terminated', 'reason']),
    observed: `${REASON} at ${ended.finishedAt ?? 'a time that is not said'}, ${restartCount} restarts, limit ${limitOf(pod.object, name)}`,
    expected: 'no container that ended with OOMKilled',
  }));
}

function limitOf({ spec }: Pod, name: string): string {
  const container = [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])].find((row) => row.name === name);
  return String(container?.resources?.limits?.memory ?? 'not set, so that of the node');
}
