import type { Verdict } from '../../../core/check.ts';
import { defineCheck } from '../../../core/check.ts';
import type { Path } from '../../../core/location.ts';
import type { CronJob, Job, JobSpec } from '../../../core/objects.ts';
import { playing, ROLE_FACTS, rolesOf } from '../../../kubernetes/roles.ts';
import { type Workload, workloadsOf } from '../../../kubernetes/workload.ts';
import { orNotApplicable } from '../../verdicts.ts';

const DEFAULT_BACKOFF = 6;
/** With the waits of ten seconds that double, up to six minutes, twelve tries last an hour. */
const MAX_BACKOFF = 12;

type Fault = Pick<Verdict, 'message' | 'observed' | 'expected' | 'severity' | 'mend'> & { readonly at: Path };

export const jobDeadlineCheck = defineCheck({
  id: 'job/deadline',
  title: 'Every job ends at some time, and does not run beside itself where that harms',
  severity: 'warning',
  why: 'A job that hangs holds its locks, its memory and its place: a CronJob that forbids a second run never runs again, one that allows it runs them all at once.',
  how: 'Each Job and CronJob has activeDeadlineSeconds, on the job or on its pod, and a backoffLimit of at most 12. A CronJob that makes backups has the concurrencyPolicy Forbid or Replace. A finished Job that nothing owns and that has no ttlSecondsAfterFinished is a note, since it stays for ever.',
  fix: 'Set activeDeadlineSeconds to several times what the job takes, and concurrencyPolicy: Forbid.',
  mends: 'concurrencyPolicy: Forbid where a backup has none. How long a job may take is for whoever knows it.',
  verify: "kubectl get jobs,cronjobs -o yaml | grep -nE 'activeDeadlineSeconds|backoffLimit|concurrencyPolicy'",
  references: [
    'https://kubernetes.io/docs/concepts/workloads/controllers/job/#job-termination-and-cleanup',
    'https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#concurrency-policy',
  ],
  needs: ROLE_FACTS,
  evaluate: (facts, settings) => {
    const backups = new Set(playing('backup', rolesOf(facts, settings)).map(({ resource }) => resource));
    return orNotApplicable(
      workloadsOf(facts)
        .filter(({ kind }) => kind === 'Job' || kind === 'CronJob')
        .flatMap((workload) => judge(workload, backups.has(workload.resource))),
      'There is no Job.',
    );
  },
});

function judge({ resource, kind, spec: pod }: Workload, isBackup: boolean): readonly Verdict[] {
  const cron = (resource.object as CronJob).spec;
  const path: Path = kind === 'CronJob' ? ['spec', 'jobTemplate', 'spec'] : ['spec'];
  const job: JobSpec = (kind === 'CronJob' ? cron?.jobTemplate?.spec : (resource.object as Job).spec) ?? {};
  const deadline = job.activeDeadlineSeconds ?? pod.activeDeadlineSeconds;
  const backoff = job.backoffLimit ?? DEFAULT_BACKOFF;
  const faults: Fault[] = [];
  if (deadline === undefined)
    faults.push({
      at: [...path, 'activeDeadlineSeconds'],
      message: 'Nothing ends it when it hangs.',
      observed: 'no activeDeadlineSeconds',
      expected: 'activeDeadlineSeconds, several times what it takes',
    });
  if (backoff > MAX_BACKOFF)
    faults.push({
      at: [...path, 'backoffLimit'],
      message: 'It fails for hours before anybody hears of it.',
      observed: `backoffLimit ${backoff}`,
      expected: `at most ${MAX_BACKOFF}`,
    });
  const concurrency = cron?.concurrencyPolicy ?? 'Allow';
  if (kind === 'CronJob' && isBackup && concurrency === 'Allow')
    faults.push({
      at: ['spec', 'concurrencyPolicy'],
      message: 'A backup that is slow meets the next one.',
      observed: `concurrencyPolicy ${cron?.concurrencyPolicy ?? 'not written, which means Allow'}`,
      expected: 'Forbid or Replace',
      ...(cron?.concurrencyPolicy == null
        ? { mend: { resource, changes: [{ do: 'set', path: ['spec', 'concurrencyPolicy'], value: 'Forbid' }] } }
        : {}),
    });
  if (kind === 'Job' && job.ttlSecondsAfterFinished === undefined)
    faults.push({
      at: ['spec', 'ttlSecondsAfterFinished'],
      severity: 'note',
      message: 'It stays for ever when it has finished, with its pods.',
      observed: 'no ttlSecondsAfterFinished',
      expected: 'ttlSecondsAfterFinished',
    });
  const subject = resource.ref;
  if (faults.length > 0)
    return faults.map(({ at, ...fault }) => ({ outcome: 'fail', subject, where: resource.locate(at), ...fault }));
  return [
    {
      outcome: 'pass',
      subject,
      message: 'It ends at some time.',
      where: resource.locate([...path, 'activeDeadlineSeconds']),
      observed: `activeDeadlineSeconds ${deadline}, backoffLimit ${backoff}${kind === 'CronJob' ? `, concurrencyPolicy ${concurrency}` : ''}`,
    },
  ];
}
