import type { Verdict } from '../../../core/check.ts';
import { defineCheck } from '../../../core/check.ts';
import type { Location } from '../../../core/location.ts';
import type { CronJob } from '../../../core/objects.ts';
import { formatHours, hoursBetween } from '../../../kubernetes/age.ts';
import { asBackupSchedules, asDatabaseClusters } from '../../../kubernetes/database-cluster.ts';
import { playing, ROLE_FACTS, rolesOf } from '../../../kubernetes/roles.ts';
import { orNotApplicable } from '../../verdicts.ts';

export const backupFreshCheck = defineCheck({
  id: 'backup/fresh',
  title: 'The last successful backup is younger than the recovery point objective',
  severity: 'error',
  why: 'A backup job fails quietly: the password was rotated, the bucket is full. What is lost in a disaster is everything since the last success, not since the last attempt.',
  how: 'The last success of each backup CronJob that is not suspended, and of each CloudNativePG Cluster with a schedule, is at most backupMaxAgeHours before the observation. A job younger than that without a success is unknown. Velero tells in its Schedule when it ran, not whether it succeeded, which is unknown too.',
  fix: 'Read the log of the last failed job, mend the cause, and run one by hand: kubectl create job --from=cronjob/NAME NAME-now.',
  verify: "kubectl get cronjob NAME -o jsonpath='{.status.lastSuccessfulTime}'",
  references: [
    'https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/cron-job-v1/#CronJobStatus',
    'https://cloudnative-pg.io/documentation/current/backup/',
  ],
  only: ['cluster'],
  needs: [...ROLE_FACTS, 'databaseClusters', 'backupSchedules', 'observedAt'],
  evaluate: (facts, settings) => {
    const limit = settings.backupMaxAgeHours;
    const jobs = playing('backup', rolesOf(facts, settings))
      .map(({ resource }) => resource)
      .filter(({ object }) => object.kind === 'CronJob' && (object as CronJob).spec?.suspend !== true)
      .map(({ object, ref, locate }) => {
        const { lastSuccessfulTime } = (object as CronJob).status ?? {};
        const created = hoursBetween(object.metadata?.creationTimestamp, facts.observedAt);
        const isNew = created !== undefined && created < limit;
        return judge(ref, locate(['status', 'lastSuccessfulTime']), lastSuccessfulTime, isNew, facts.observedAt, limit);
      });
    const schedules = asBackupSchedules(facts.backupSchedules);
    const clusters = asDatabaseClusters(facts.databaseClusters)
      .filter(({ object }) => schedules.some((row) => row.object.spec?.cluster?.name === object.metadata?.name))
      .map(({ object, ref, locate }) =>
        judge(
          ref,
          locate(['status', 'lastSuccessfulBackup']),
          object.status?.lastSuccessfulBackup,
          false,
          facts.observedAt,
          limit,
        ),
      );
    const velero = schedules
      .filter(({ object }) => object.kind === 'Schedule')
      .map(
        ({ ref, locate }): Verdict => ({
          outcome: 'unknown',
          subject: ref,
          message: 'The Schedule tells when it ran, and not whether it succeeded.',
          where: locate(['status']),
          fix: 'See velero backup get for the state of its last backup.',
        }),
      );
    return orNotApplicable([...jobs, ...clusters, ...velero], 'No schedule makes backups.');
  },
});

function judge(
  subject: string,
  where: Location,
  success: string | undefined,
  isNew: boolean,
  observedAt: string,
  limit: number,
): Verdict {
  const age = hoursBetween(success, observedAt);
  const expected = `a success within ${formatHours(limit)}`;
  if (age === undefined)
    return isNew
      ? { outcome: 'unknown', subject, message: 'The backup is new and has not succeeded yet.', where, expected }
      : {
          outcome: 'fail',
          subject,
          message: 'The backup has never succeeded.',
          where,
          observed: 'no successful run',
          expected,
        };
  const observed = `${success}, ${formatHours(age)} before the observation`;
  return age <= limit
    ? { outcome: 'pass', subject, message: 'The last backup is recent.', where, observed, expected }
    : {
        outcome: 'fail',
        subject,
        message: `The last successful backup is ${formatHours(age)} old.`,
        where,
        observed,
        expected,
      };
}
