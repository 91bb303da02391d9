import type { Verdict } from '../../../core/check.ts';
import { defineCheck } from '../../../core/check.ts';
import { ROLE_FACTS } from '../../../kubernetes/roles.ts';
import { databasesOf } from '../../storage/databases.ts';
import { orNotApplicable } from '../../verdicts.ts';

export const databaseStatefulsetCheck = defineCheck({
  id: 'database/statefulset',
  title: 'The database runs as a StatefulSet or under an operator',
  severity: 'error',
  why: 'A StatefulSet gives a database a stable name and its own claim, and never starts a pod before the one that it replaces is gone. A Deployment promises none of that: two servers can open the same data folder.',
  how: 'Each workload that plays the database is a StatefulSet, or the database is a Cluster of the CloudNativePG operator. A Deployment, a DaemonSet or a bare pod fails.',
  fix: 'Write the database as a StatefulSet with a headless Service and a claim, or hand it to an operator.',
  verify: 'kubectl get statefulset,deployment,daemonset,clusters.postgresql.cnpg.io -o wide',
  references: [
    'https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/',
    'https://kubernetes.io/docs/tasks/run-application/run-single-instance-stateful-application/',
    'https://cloudnative-pg.io/documentation/current/',
  ],
  needs: [...ROLE_FACTS, 'databaseClusters'],
  evaluate: (facts, settings) =>
    orNotApplicable(
      [
        ...databasesOf(facts, settings).map(({ resource, kind }): Verdict => {
          const { ref: subject } = resource;
          const where = resource.locate(['kind']);
          if (kind === 'StatefulSet')
            return {
              outcome: 'pass',
              subject,
              message: 'The database is a StatefulSet.',
              where,
              observed: 'kind StatefulSet',
            };
          return {
            outcome: 'fail',
            subject,
            message: `The database runs in a ${kind}, which gives it neither a stable identity nor one writer at a time.`,
            where,
            observed: `kind ${kind}`,
            expected: 'kind StatefulSet',
          };
        }),
        ...facts.databaseClusters.map(
          ({ ref, locate }): Verdict => ({
            outcome: 'pass',
            subject: ref,
            message: 'An operator runs the database.',
            where: locate(['kind']),
            observed: 'a CloudNativePG Cluster',
          }),
        ),
      ],
      'There is no database.',
    ),
});
