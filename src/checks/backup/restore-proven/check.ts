import type { Verdict } from '../../../core/check.ts';
import { defineCheck } from '../../../core/check.ts';
import type { CronJob, Job } from '../../../core/objects.ts';
import type { Resource } from '../../../core/resource.ts';
import { formatHours, hoursBetween } from '../../../kubernetes/age.ts';
import { sameNamespace } from '../../../kubernetes/label-selector.ts';
import { playing, ROLE_FACTS, rolesOf } from '../../../kubernetes/roles.ts';
import { notApplicable } from '../../verdicts.ts';

/** A month and a few days: a monthly drill may slip once without an alarm. */
const MAX_AGE_HOURS = 35 * 24;

export const restoreProvenCheck = defineCheck({
  id: 'backup/restore-proven',
  title: 'A restore of the backup has succeeded lately',
  severity: 'warning',
  why: 'A backup that was never restored is a hope. Truncated dumps, missing roles and lost keys show up in a restore and nowhere else.',
  how: 'A CronJob or Job that restores a backup (it runs pg_restore or psql, and its name says restore, drill or verify) has succeeded within the last 35 days before the observation, and none of its runs has failed since.',
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
    const databases = [...playing('database', assignments).map(({ resource }) => resource), ...facts.databaseClusters];
    if (drills.length > 0) return [judge(drills, facts.jobs, facts.observedAt)];
    if (databases.length === 0) return notApplicable('the namespace', 'There is no database.');
    return databases.map((database) => ({
      outcome: 'fail',
      subject: database.ref,
      message: 'Nothing has ever restored a backup of the database.',
      where: database.locate([]),
      observed: 'no CronJob or Job that restores',
      expected: 'a restore drill that succeeded',
    }));
  },
});

function judge(drills: readonly Resource[], jobs: readonly Resource<Job>[], observedAt: string): Verdict {
  const [latest] = drills
    .map((resource) => ({ resource, age: hoursBetween(successOf(resource), observedAt) ?? Number.POSITIVE_INFINITY }))
    .sort((a, b) => a.age - b.age);
  const { resource, age } = latest as NonNullable<typeof latest>;
  const subject = resource.ref;
  const where = resource.locate(['status']);
  const expected = `a success within ${formatHours(MAX_AGE_HOURS)}`;
  const failed = lastFailureOf(resource, jobs);
  if (failed !== undefined)
    return {
      outcome: 'fail',
      subject,
      message: 'The restore drill failed when it ran last.',
      where: failed.resource.locate(['status', 'conditions']),
      observed: `${failed.resource.ref} failed${failed.reason === undefined ? '' : ` (${failed.reason})`}`,
      expected,
      fix: `Read what the drill says: kubectl logs job/${failed.resource.object.metadata?.name}.`,
    };
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

/** The failed run of a drill that no success has followed. */
function lastFailureOf(drill: Resource, jobs: readonly Resource<Job>[]) {
  const succeeded = Date.parse(successOf(drill) ?? '') || 0;
  return jobs
    .filter(
      ({ object }) =>
        object === drill.object ||
        (sameNamespace(object, drill.object) &&
          (object.metadata?.ownerReferences ?? []).some(
            ({ kind, name }) => kind === drill.object.kind && name === drill.object.metadata?.name,
          )),
    )
    .flatMap((resource) => {
      const failed = (resource.object.status?.conditions ?? []).find(
        ({ type, status }) => type === 'Failed' && status === 'True',
      );
      const at = Date.parse(failed?.lastTransitionTime ?? '') || 0;
      return failed === undefined || at < succeeded ? [] : [{ resource, reason: failed.reason, at }];
    })
    .sort((a, b) => b.at - a.at)[0];
}

function successOf({ object }: Resource): string | undefined {
  if (object.kind === 'CronJob') return (object as CronJob).status?.lastSuccessfulTime;
  const { succeeded = 0, completionTime } = (object as Job).status ?? {};
  return succeeded > 0 ? completionTime : undefined;
}
