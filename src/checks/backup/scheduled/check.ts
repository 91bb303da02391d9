import type { Verdict } from '../../../core/check.ts';
import { defineCheck } from '../../../core/check.ts';
import type { Facts } from '../../../core/facts.ts';
import type { CronJob } from '../../../core/objects.ts';
import { asBackupSchedules } from '../../../kubernetes/database-cluster.ts';
import { meansDatabase, type NamedHosts, namedHosts, namesOf } from '../../../kubernetes/named-hosts.ts';
import { claimsOf } from '../../../kubernetes/references/claims.ts';
import { playing, ROLE_FACTS, rolesOf } from '../../../kubernetes/roles.ts';
import type { Workload } from '../../../kubernetes/workload.ts';
import { orNotApplicable } from '../../verdicts.ts';

const NEEDS = [...ROLE_FACTS, 'configMaps', 'databaseClusters', 'backupSchedules'] as const;
type BackupFacts = Pick<Facts, (typeof NEEDS)[number]>;

export const backupScheduledCheck = defineCheck({
  id: 'backup/scheduled',
  title: 'Each database is backed up on a schedule that runs',
  severity: 'error',
  why: 'Replicas and claims protect from a broken disk. Only a backup protects from a wrong DELETE, a faulty migration or a deleted namespace, and only one that runs by itself is there when it is needed.',
  how: "Each database has a CronJob that makes backups and is not suspended, and that names the database: its host in a command or a variable, or its claim. A host that comes from a Secret is taken for the only database's. A ScheduledBackup of CloudNativePG names its Cluster, or a CronJob one of the Services that the Cluster makes; a Schedule of Velero covers the namespaces that it includes.",
  fix: 'Write a CronJob that runs pg_dump against the host of the database and stores the dump outside the cluster, or a ScheduledBackup for a CloudNativePG Cluster.',
  verify: 'kubectl get cronjob,scheduledbackups.postgresql.cnpg.io,schedules.velero.io',
  references: [
    'https://www.postgresql.org/docs/current/backup.html',
    'https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/',
    'https://cloudnative-pg.io/documentation/current/backup/',
  ],
  needs: NEEDS,
  evaluate: (facts, settings) => {
    const assignments = rolesOf(facts, settings);
    const databases = playing('database', assignments);
    const jobs = playing('backup', assignments)
      .filter(({ kind }) => kind === 'CronJob')
      .map((job) => ({ ...job, named: namedHosts(job, facts.configMaps) }));
    return orNotApplicable(
      [
        ...databases.map((database) => judge(database, databases.length + facts.databaseClusters.length, jobs, facts)),
        ...facts.databaseClusters.map(({ object, ref, locate }) => {
          const own = asBackupSchedules(facts.backupSchedules).filter(
            ({ object: { spec } }) => spec?.cluster?.name === object.metadata?.name,
          );
          const running = own.find(({ object: { spec } }) => spec?.suspend !== true)?.ref;
          const where = locate(['spec']);
          const dumped = jobs.find((job) => dumps(job, object.metadata?.name ?? ''));
          return verdict(
            ref,
            where,
            running ?? dumped?.resource.ref ?? coveredBy(object.metadata?.namespace, facts),
            own[0] && `${own[0].ref}, suspended`,
          );
        }),
      ],
      'There is no database.',
    );
  },
});

/** A CronJob that makes backups, and what it names. */
interface BackupJob extends Workload {
  readonly named: NamedHosts;
}

/** CloudNativePG makes three Services for each Cluster: for writes, for reads, and for reads of the copies. */
function dumps({ resource, named }: BackupJob, cluster: string): boolean {
  const services = new Set(['rw', 'r', 'ro'].map((suffix) => `${cluster}-${suffix}`));
  return (
    (resource.object as CronJob).spec?.suspend !== true && named.hosts.some((host) => meansDatabase(host, services))
  );
}

function judge(database: Workload, count: number, jobs: readonly BackupJob[], facts: BackupFacts): Verdict {
  const names = namesOf(database, facts.services);
  const claims = claimsOf(database).map(({ claimName }) => claimName ?? '');
  const mine = jobs.filter(({ named }) => {
    return (
      named.hosts.some((host) => meansDatabase(host, names)) ||
      named.claims.some((claim) => claim !== '' && claims.includes(claim)) ||
      (named.hosts.length === 0 && named.takesSettings && count === 1)
    );
  });
  const running = mine.find(({ resource }) => (resource.object as CronJob).spec?.suspend !== true);
  const schedule = (running?.resource.object as CronJob | undefined)?.spec?.schedule;
  const found = running && `${running.resource.ref}, ${schedule ?? 'no schedule'}`;
  const stranger = jobs[0] && `${jobs[0].resource.ref}, which does not name ${[...names].join(' or ')}`;
  const suspended = mine[0] && `${mine[0].resource.ref}, suspended`;
  const { ref, object, locate } = database.resource;
  return verdict(ref, locate([]), found ?? coveredBy(object.metadata?.namespace, facts), suspended ?? stranger);
}

/** A Velero Schedule without a list of namespaces takes all of them. */
function coveredBy(namespace: string | undefined, { backupSchedules }: BackupFacts): string | undefined {
  return asBackupSchedules(backupSchedules).find(({ object: { kind, spec } }) => {
    const included = spec?.template?.includedNamespaces ?? ['*'];
    return (
      kind === 'Schedule' &&
      spec?.paused !== true &&
      (included.includes('*') || (namespace !== undefined && included.includes(namespace)))
    );
  })?.ref;
}

function verdict(
  subject: string,
  where: Verdict['where'],
  found: string | undefined,
  near: string | undefined,
): Verdict {
  const at = where === undefined ? {} : { where };
  if (found !== undefined)
    return { outcome: 'pass', subject, message: 'A schedule backs the database up.', ...at, observed: found };
  return {
    outcome: 'fail',
    subject,
    message: near?.endsWith('suspended')
      ? 'The backup of the database is suspended.'
      : 'Nothing backs the database up on a schedule.',
    ...at,
    observed: near ?? 'no CronJob, ScheduledBackup or Schedule for it',
    expected: 'a schedule that runs and names this database',
  };
}
