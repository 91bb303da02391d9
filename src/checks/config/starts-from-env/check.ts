import { defineCheck, type Verdict } from '../../../core/check.ts';
import type { ContainerStatus, Pod } from '../../../core/objects.ts';
import type { Resource } from '../../../core/resource.ts';
import { orNotApplicable } from '../../verdicts.ts';

/** Reasons for which a container waits and that no patience mends. */
const STUCK = new Map([
  ['CrashLoopBackOff', 'ends again and again'],
  ['CreateContainerConfigError', 'names a Secret, a ConfigMap or a key that does not exist'],
  ['CreateContainerError', 'cannot be created'],
  ['RunContainerError', 'cannot be run'],
  ['InvalidImageName', 'has an image name that is none'],
]);

export const startsFromEnvCheck = defineCheck({
  id: 'config/starts-from-env',
  title: 'The pods start with the settings that they are given',
  severity: 'error',
  why: 'A service that reads its settings at the start and refuses wrong ones says so by not starting; this is where it is seen.',
  how: 'Every container of a pod runs, and none waits because its settings do not exist, or because it ends again and again. Finished jobs are not asked.',
  fix: "Read the container's last log lines and its events: a missing or malformed setting is named there.",
  verify: 'kubectl get pods; kubectl logs POD --previous; kubectl describe pod POD',
  references: ['https://kubernetes.io/docs/tasks/debug/debug-application/debug-pods/'],
  needs: ['pods'],
  only: ['cluster'],
  evaluate: ({ pods }) =>
    orNotApplicable(
      pods
        .filter(({ object }) => object.status?.phase !== 'Succeeded' && object.status?.phase !== 'Failed')
        .flatMap(judge),
      'There is no pod.',
    ),
});

function judge(pod: Resource<Pod>): readonly Verdict[] {
  const { initContainerStatuses = [], containerStatuses = [] } = pod.object.status ?? {};
  const faults = [
    ...initContainerStatuses.map((status, index) => ({ status, path: ['status', 'initContainerStatuses', index] })),
    ...containerStatuses.map((status, index) => ({ status, path: ['status', 'containerStatuses', index] })),
  ].flatMap(({ status, path }) => faultOf(pod, status, path));
  if (faults.length > 0) return faults;
  const notRunning = containerStatuses.find(({ state }) => state?.running === undefined);
  if (containerStatuses.length === 0 || notRunning !== undefined)
    return [
      {
        outcome: 'unknown',
        subject: pod.ref,
        message: 'Not every container of the pod runs yet, so nothing can be said.',
        where: pod.locate(['status']),
        observed: notRunning?.state?.waiting?.reason ?? pod.object.status?.phase ?? 'no status',
        expected: 'every container running',
      },
    ];
  return [
    { outcome: 'pass', subject: pod.ref, message: 'Its containers start with the settings that they are given.' },
  ];
}

function faultOf(
  pod: Resource<Pod>,
  { name, state, lastState }: ContainerStatus,
  path: (string | number)[],
): readonly Verdict[] {
  const reason = state?.waiting?.reason ?? '';
  const what = STUCK.get(reason);
  if (what === undefined) return [];
  const exit = lastState?.terminated;
  return [
    {
      outcome: 'fail',
      subject: `${pod.ref} container ${name}`,
      message: `The container ${what}.`,
      where: pod.locate([...path, 'state', 'waiting', 'reason']),
      observed:
        exit === undefined
          ? reason
          : `${reason}, last exit code ${exit.exitCode ?? '?'} (${exit.reason ?? 'no reason'})`,
      expected: 'a container that runs',
    },
  ];
}
