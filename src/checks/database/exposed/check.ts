import type { Verdict } from '../../../core/check.ts';
import { defineCheck } from '../../../core/check.ts';
import { ROLE_FACTS } from '../../../kubernetes/roles.ts';
import { databasesOf } from '../../storage/databases.ts';
import { orNotApplicable } from '../../verdicts.ts';
import { openingsOf } from './openings.ts';

const EDGE_FACTS = [...ROLE_FACTS, 'ingresses', 'httpRoutes', 'networkPolicies'] as const;

export const databaseExposedCheck = defineCheck({
  id: 'database/exposed',
  title: 'The database is reachable from inside the cluster only, and asks for a password',
  severity: 'error',
  why: 'A database port that the outside can reach is found within minutes, and one that trusts every connection needs no finding.',
  how: 'No Service that selects the database is a NodePort or a LoadBalancer, no Ingress or HTTPRoute leads to one, its pods do not use the network of the node, POSTGRES_HOST_AUTH_METHOD is not trust, and no NetworkPolicy lets everybody in. Whether a policy exists at all is asked by network/policy.',
  fix: 'Make the Service a ClusterIP, take the route away, and let only the service and the backup through the NetworkPolicy.',
  verify: 'kubectl get service,ingress,networkpolicy -o wide',
  references: [
    'https://kubernetes.io/docs/concepts/services-networking/service/#publishing-services-service-types',
    'https://www.postgresql.org/docs/current/auth-trust.html',
    'https://kubernetes.io/docs/concepts/services-networking/network-policies/',
  ],
  needs: EDGE_FACTS,
  evaluate: (facts, settings) =>
    orNotApplicable(
      databasesOf(facts, settings).flatMap((workload): readonly Verdict[] => {
        const openings = openingsOf(workload, facts);
        const { ref: subject, locate } = workload.resource;
        if (openings.length > 0) return openings.map((opening) => ({ outcome: 'fail', subject, ...opening }));
        return [
          {
            outcome: 'pass',
            subject,
            message: 'Nothing leads to the database from outside.',
            where: locate([]),
            observed: 'ClusterIP Services only, no route, no trust',
          },
        ];
      }),
      'There is no database.',
    ),
});
