import type { Verdict } from '../../../core/check.ts';
import type { Path } from '../../../core/location.ts';
import type { DaemonSet, Deployment } from '../../../core/objects.ts';
import type { Workload } from '../../../kubernetes/workload.ts';

type Progress = Omit<Verdict, 'subject' | 'where'> & { readonly at: Path };

/** How far a workload is from the pods that it asks for. */
export function progressOf(workload: Workload): Progress {
  const { status } = workload.resource.object as Deployment;
  if (status === undefined)
    return { outcome: 'unknown', at: ['status'], message: 'The workload has no status yet, so nothing can be said.' };
  const { wanted, available, updated } = countsOf(workload);
  const observed = `${available} of ${wanted} available${updated === undefined ? '' : `, ${updated} up to date`}`;
  const late = (status.conditions ?? []).findIndex(
    ({ type, status: holds }) => type === 'Progressing' && holds === 'False',
  );
  if (late !== -1)
    return {
      outcome: 'fail',
      at: ['status', 'conditions', late],
      message: 'The rollout is past its progress deadline.',
      observed: `${status.conditions?.[late]?.reason ?? 'Progressing False'}, ${observed}`,
      expected: 'a rollout that finishes',
    };
  if (available < wanted || (updated ?? wanted) < wanted)
    return {
      outcome: 'fail',
      at: ['status'],
      message:
        available < wanted
          ? 'Not every pod that is asked for is available.'
          : 'Not every pod is of the latest version.',
      observed,
      expected: `${wanted} available and up to date`,
    };
  return { outcome: 'pass', at: ['status'], message: 'Every pod that is asked for is available.', observed };
}

function countsOf({ resource, kind }: Workload): {
  readonly wanted: number;
  readonly available: number;
  readonly updated: number | undefined;
} {
  if (kind === 'DaemonSet') {
    const { status } = resource.object as DaemonSet;
    return { wanted: status?.desiredNumberScheduled ?? 0, available: status?.numberReady ?? 0, updated: undefined };
  }
  const { spec, status } = resource.object as Deployment;
  return {
    wanted: spec?.replicas ?? 1,
    // A StatefulSet from an old server counts ready pods only.
    available: status?.availableReplicas ?? (kind === 'StatefulSet' ? (status?.readyReplicas ?? 0) : 0),
    // A StatefulSet counts its updated pods only while it updates them.
    updated: kind === 'Deployment' ? (status?.updatedReplicas ?? 0) : undefined,
  };
}
