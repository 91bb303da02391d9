import type { Verdict } from '../../../core/check.ts';
import { defineCheck } from '../../../core/check.ts';
import type { Service, StatefulSet } from '../../../core/objects.ts';
import type { Resource } from '../../../core/resource.ts';
import { matchesServiceSelector } from '../../../kubernetes/label-selector.ts';
import { findByName } from '../../../kubernetes/references/by-name.ts';
import { ROLE_FACTS } from '../../../kubernetes/roles.ts';
import type { Workload } from '../../../kubernetes/workload.ts';
import { databasesOf } from '../../storage/databases.ts';
import { orNotApplicable } from '../../verdicts.ts';

export const headlessServiceCheck = defineCheck({
  id: 'database/headless-service',
  title: "The database's StatefulSet names a headless Service that selects its pods",
  severity: 'warning',
  why: 'The name of each pod, such as postgres-0.postgres, exists only through the headless Service that the StatefulSet names. Backups and replicas connect by it.',
  how: 'spec.serviceName names a Service of the same namespace with clusterIP None, whose selector matches the labels of the pod template.',
  fix: 'Write a Service with clusterIP: None and the labels of the pods as its selector, and put its name into spec.serviceName.',
  verify: "kubectl get service NAME -o jsonpath='{.spec.clusterIP} {.spec.selector}'",
  references: ['https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#stable-network-id'],
  needs: ROLE_FACTS,
  evaluate: (facts, settings) =>
    orNotApplicable(
      databasesOf(facts, settings)
        .filter(({ kind }) => kind === 'StatefulSet')
        .map((workload) => judge(workload, facts.services)),
      'No database is a StatefulSet.',
    ),
});

function judge({ resource, template }: Workload, services: readonly Resource<Service>[]): Verdict {
  const { ref: subject } = resource;
  const name = (resource.object as StatefulSet).spec?.serviceName;
  const where = resource.locate(['spec', 'serviceName']);
  const expected = 'a Service with clusterIP None that selects the pods';
  if (name === undefined || name === '')
    return {
      outcome: 'fail',
      subject,
      message: 'The StatefulSet names no Service, so its pods have no stable name.',
      where,
      observed: 'no serviceName',
      expected,
    };
  const service = findByName(services, name, resource.object);
  if (service === undefined)
    return {
      outcome: 'fail',
      subject,
      message: `The Service ${name} that the StatefulSet names does not exist.`,
      where,
      observed: `serviceName ${name}, and no such Service`,
      expected,
    };
  const { clusterIP, selector } = service.object.spec ?? {};
  if (clusterIP !== 'None')
    return {
      outcome: 'fail',
      subject,
      message: `The Service ${name} is not headless, so it gives the pods no names.`,
      where: service.locate(['spec', 'clusterIP']),
      observed: clusterIP === undefined ? 'no clusterIP' : `clusterIP ${clusterIP}`,
      expected,
    };
  if (!matchesServiceSelector(selector, template.metadata?.labels))
    return {
      outcome: 'fail',
      subject,
      message: `The Service ${name} does not select the pods of the StatefulSet.`,
      where: service.locate(['spec', 'selector']),
      observed: `selector ${JSON.stringify(selector ?? {})}, labels ${JSON.stringify(template.metadata?.labels ?? {})}`,
      expected,
    };
  return {
    outcome: 'pass',
    subject,
    message: 'A headless Service names the pods.',
    where,
    observed: `${service.ref}, clusterIP None`,
  };
}
