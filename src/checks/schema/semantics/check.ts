import { defineCheck } from '../../../core/check.ts';
import { semanticFaults } from '../../../kubernetes/semantics/semantic-faults.ts';
import { orNotApplicable } from '../../verdicts.ts';
import { faultVerdicts } from '../fault-verdicts.ts';
import { SERVED_FACTS, servedObjects } from '../served-objects.ts';

export const semanticsCheck = defineCheck({
  id: 'schema/semantics',
  title: 'Each object keeps the rules that stand in no schema',
  severity: 'error',
  why: 'A port 99999, a selector that misses its template or a mount without its volume fits every schema, and the API server refuses it all the same: the delivery stops half way.',
  how: 'The rules of the API server for names, labels, ports, quantities, schedules, selectors against templates, mounts against volumes, fields that exclude each other and items that stand twice, for workloads, Services, Ingresses, policies, claims, volumes, autoscalers, budgets, roles and quotas. docs/oracle.md tells how often they agree with a real API server, and where they do not.',
  fix: 'Write what is expected at the place that is named.',
  verify: 'kubectl apply --dry-run=server -f FILE',
  references: ['https://kubernetes.io/docs/reference/kubernetes-api/'],
  only: ['files'],
  needs: SERVED_FACTS,
  evaluate: (facts) =>
    orNotApplicable(
      servedObjects(facts)
        // What cannot be read is schema/valid's to tell, and nothing can be said of the rest.
        .filter(({ schema, faults }) => schema !== undefined && !faults.some(({ unreadable }) => unreadable === true))
        .flatMap(({ resource, schema, faults }) => {
          const told = new Set(faults.map(({ path }) => JSON.stringify(path)));
          return faultVerdicts(
            resource,
            semanticFaults(resource.object, schema?.custom === true, facts.apiSchemas.kubernetes).filter(
              ({ path }) => !told.has(JSON.stringify(path)),
            ),
            'The rules are kept.',
          );
        }),
      'There is no object whose kind is known.',
    ),
});
