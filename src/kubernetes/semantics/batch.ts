import { faultOfSchedule } from '../cron-schedule.ts';
import {
  at,
  type Faults,
  type Field,
  isSet,
  itemsOf,
  missing,
  numberOf,
  outside,
  refuse,
  textOf,
  unlessFine,
} from './field.ts';
import { templateFaults } from './workloads.ts';

const COUNTS = ['parallelism', 'completions', 'activeDeadlineSeconds', 'backoffLimit', 'ttlSecondsAfterFinished'];

/** k8s.io/kubernetes/pkg/apis/batch/validation, ValidateJobSpec. */
export function* jobSpecFaults(spec: Field): Faults {
  for (const count of COUNTS) yield* outside(at(spec, count), 0, Number.POSITIVE_INFINITY);
  if (textOf(at(spec, 'completionMode')) === 'Indexed' && !isSet(at(spec, 'completions')))
    yield missing(at(spec, 'completions'), 'a number, since completionMode is Indexed');
  yield* templateFaults(at(spec, 'template'));
  const policy = at(spec, 'template', 'spec', 'restartPolicy');
  if (textOf(policy) !== 'OnFailure' && textOf(policy) !== 'Never')
    yield refuse(policy, 'a Job ends, so its pods are not always started again', 'OnFailure or Never');
  const failurePolicy = at(spec, 'podFailurePolicy');
  if (isSet(failurePolicy)) yield* failurePolicyFaults(failurePolicy, at(spec, 'template', 'spec'), policy);
}

/** ValidateJob: the selector is the controller's own, unless manualSelector says otherwise. */
export function* jobFaults(spec: Field): Faults {
  if (isSet(at(spec, 'selector')) && at(spec, 'manualSelector').value !== true)
    yield refuse(at(spec, 'selector'), 'the selector of a Job is made by the server', 'no such field');
  yield* jobSpecFaults(spec);
}

/** ValidateCronJobSpec. */
export function* cronJobFaults(spec: Field): Faults {
  const [schedule, zone] = [at(spec, 'schedule'), at(spec, 'timeZone')];
  if (textOf(schedule) !== '')
    yield* unlessFine(schedule, faultOfSchedule(textOf(schedule)), 'five fields, such as 0 3 * * *');
  if (isSet(zone)) yield* unlessFine(zone, faultOfTimeZone(textOf(zone)), 'a name such as Europe/Berlin');
  for (const count of ['startingDeadlineSeconds', 'successfulJobsHistoryLimit', 'failedJobsHistoryLimit'])
    yield* outside(at(spec, count), 0, Number.POSITIVE_INFINITY);
  yield* jobSpecFaults(at(spec, 'jobTemplate', 'spec'));
}

/** validateTimeZone; the names are those of the IANA database, which Node carries too. */
function faultOfTimeZone(zone: string): string | undefined {
  if (zone === '') return 'it is empty';
  if (zone.toLowerCase() === 'local') return 'the zone of the server is not a zone';
  try {
    const { timeZone } = new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions();
    // The server reads a file of this name, so that the case counts.
    const isMisspelt = timeZone !== zone && timeZone.toLowerCase() === zone.toLowerCase();
    return isMisspelt ? `it is written ${timeZone}` : undefined;
  } catch {
    return 'there is no such zone';
  }
}

function* failurePolicyFaults(policy: Field, pod: Field, restartPolicy: Field): Faults {
  if (textOf(restartPolicy) !== 'Never')
    yield refuse(restartPolicy, 'a podFailurePolicy needs pods that are not started again', 'Never');
  const names = [...itemsOf(at(pod, 'containers')), ...itemsOf(at(pod, 'initContainers'))].map((container) =>
    textOf(at(container, 'name')),
  );
  for (const rule of itemsOf(at(policy, 'rules'))) {
    const name = at(rule, 'onExitCodes', 'containerName');
    if (textOf(name) !== '' && !names.includes(textOf(name)))
      yield refuse(name, 'the pod has no such container', names.join(', '));
    const values = itemsOf(at(rule, 'onExitCodes', 'values'));
    if (isSet(at(rule, 'onExitCodes')) && values.length === 0)
      yield missing(at(rule, 'onExitCodes', 'values'), 'exit codes');
    if (textOf(at(rule, 'onExitCodes', 'operator')) === 'In')
      for (const value of values)
        if ((numberOf(value) ?? 0) === 0) yield refuse(value, 'zero is no failure', 'another exit code');
  }
}
