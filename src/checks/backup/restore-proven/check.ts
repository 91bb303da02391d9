import type { Verdict } from '../../../core/check.ts';
import { defineCheck } from '../../../core/check.ts';
import type { CronJob, Job } from '../../../core/objects.ts';
import type { Resource } from '../../../core/resource.ts';
import { formatHours, hoursBetween } from '../../../kubernetes/age.ts';
import { playing, ROLE_FACTS, rolesOf } from '../../../kubernetes/roles.ts';
import { notApplicable } from '../../verdicts.ts';

/** A month and a few days: a monthly drill may slip once without an alarm. */
const MAX_AGE_HOURS = 35 * 24;

export const restoreProvenCheck = defineCheck({
  id: 'backup/restore-proven',
  title: 'A restore of the backup has succeeded lately',
  severity: 'warning',
  why: 'A backup that was never restored is a hope. Truncated dumps, missing roles and lost keys show up in a restore and nowhere else.',
  how: 'A CronJob or Job that restores a backup (it runs pg_restore or psql, and its name says restore, drill or verify) has succeeded within the last 35 days before the observation.',
  fix: 'Run a weekly CronJob that restores the newest dump into a throw-away PostgreSQL and asserts on the rows.',
  verify: "kubectl get cronjob,job -o wide | grep -E 'restore|drill|verify'",
  references: [
    'https://www.postgresql.org/docs/current/backup-dump.html#BACKUP-DUMP-RESTORE',
    'https://sre.google/sre-book/data-integrity/',
  ],
  only: ['cluster'],
  needs: [...ROLE_FACTS, 'databaseClusters', 'observedAt'],
  evaluate: (facts, settings) => {
    const assignments = rolesOf(facts, settings);
    const drills = playing('restore-drill', assignments).map(({ resource }) => resource);
    const database = playing('database', assignments)[0]?.resource ?? facts.databaseClusters[0];
    if (drills.length > 0) return [judge(drills, facts.observedAt)];
    if (database === undefined) return notApplicable('the namespace', 'There is no database.');
    return [
      {
        outcome: 'fail',
        subject: database.ref,
        message: 'Nothing has ever restored a backup of the database.',
        where: database.locate([]),
        observed: 'no CronJob or Job that restores',
        expected: 'a restore drill that succeeded',
      },
    ];
  },
});

function judge(drills: readonly Resource[], observedAt: string): Verdict {
  const [latest] = drills
    .map((resource) => ({ resource, age: hoursBetween(successOf(resource), observedAt) ?? Number.POSITIVE_INFINITY }))
    .sort((a, b) => a.age - b.age);
  const { resource, age } = latest as NonNullable<typeof latest>;
  const subject = resource.ref;
  const where = resource.locate(['status']);
  const expected = `a success within ${formatHours(MAX_AGE_HOURS)}`;
  if (age === Number.POSITIVE_INFINITY)
    return {
      outcome: 'fail',
      subject,
      message: 'The restore drill has never succeeded.',
      where,
      observed: 'no successful run',
      expected,
    };
  const observed = `succeeded ${formatHours(age)} before the observation`;
  return age <= MAX_AGE_HOURS
    ? { outcome: 'pass', subject, message: 'A restore has succeeded lately.', where, observed }
    : { outcome: 'fail', subject, message: 'The last proven restore is too long ago.', where, observed, expected };
}

function successOf({ object }: Resource): string | undefined {
  if (object.kind === 'CronJob') return (object as CronJob).status?.lastSuccessfulTime;
  const { succeeded = 0, completionTime } = (object as Job).status ?? {};
  return succeeded > 0 ? completionTime : undefined;
}
