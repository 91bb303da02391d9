import type { Verdict } from '../../../core/check.ts';
import { defineCheck } from '../../../core/check.ts';
import type { Facts } from '../../../core/facts.ts';
import type { Service, ServicePort } from '../../../core/objects.ts';
import type { Resource } from '../../../core/resource.ts';
import type { Settings } from '../../../core/settings.ts';
import { portSettingOf } from '../../../kubernetes/environment.ts';
import { resolvePort, targetOf, workloadsBehind } from '../../../kubernetes/service-ports.ts';
import { containersOf, WORKLOAD_FACTS, type Workload, workloadsOf } from '../../../kubernetes/workload.ts';
import { orNotApplicable } from '../../verdicts.ts';

export const targetPortCheck = defineCheck({
  id: 'service/target-port',
  title: 'Each targetPort leads to a port of the pods behind it',
  severity: 'error',
  why: 'A targetPort by a name that no container declares gives no endpoint at all, and a wrong number gives refused connections.',
  how: 'For each port of a Service and each workload that it selects, targetPort (or port, where there is none) names a declared container port of the same protocol, or is the number of one. A number that no container declares weighs as a warning, unless the container is told that number as PORT: declaring ports is informational, so it may still be right.',
  fix: 'Name the container port, such as http, and write that name as targetPort.',
  verify: "kubectl get pods -l SELECTOR -o jsonpath='{.items[*].spec.containers[*].ports}'",
  references: [
    'https://kubernetes.io/docs/concepts/services-networking/service/#field-spec-ports',
    'https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#ports',
  ],
  needs: [...WORKLOAD_FACTS, 'services', 'configMaps'],
  evaluate: (facts, settings) => {
    const workloads = workloadsOf(facts);
    return orNotApplicable(
      facts.services.flatMap((service) =>
        workloadsBehind(service.object, workloads).flatMap((workload) =>
          (service.object.spec?.ports ?? []).map((port, index) =>
            judge(service, port, index, workload, facts, settings),
          ),
        ),
      ),
      'No Service selects a pod of the input.',
    );
  },
});

function judge(
  { ref, locate }: Resource<Service>,
  port: ServicePort,
  index: number,
  workload: Workload,
  { configMaps }: Pick<Facts, 'configMaps'>,
  settings: Settings,
): Verdict {
  const target = targetOf(port);
  const subject = `${ref} port ${port.name ?? port.port}`;
  const where = locate(['spec', 'ports', index, 'targetPort']);
  const { number, container } = resolvePort(target, workload, port.protocol);
  if (container !== undefined)
    return {
      outcome: 'pass',
      subject,
      message: 'The port leads to a container.',
      where,
      observed: `targetPort ${target}, ${container.subject} port ${number}`,
    };
  const serving = containersOf(workload).filter(({ role }) => role !== 'init');
  const told = serving.find((candidate) => portSettingOf(candidate, configMaps, settings)?.value === String(target));
  if (told !== undefined)
    return {
      outcome: 'pass',
      subject,
      message: 'The port leads to a container.',
      where,
      observed: `targetPort ${target}, which ${told.subject} is told as PORT`,
    };
  const declared = serving.flatMap(({ container: { ports } }) =>
    (ports ?? []).map(
      ({ name, containerPort, protocol = 'TCP' }) => `${name ?? 'unnamed'} ${containerPort}/${protocol}`,
    ),
  );
  const observed = `targetPort ${target}${port.protocol === undefined ? '' : `/${port.protocol}`}; ${workload.resource.ref} declares ${declared.join(', ') || 'no port'}`;
  if (number === undefined)
    return {
      outcome: 'fail',
      subject,
      message: `No container of ${workload.resource.ref} has a port named ${target}.`,
      where,
      observed,
      expected: 'the name of a container port',
    };
  return {
    outcome: 'fail',
    severity: 'warning',
    subject,
    message: `No container of ${workload.resource.ref} declares the port ${number}.`,
    where,
    observed,
    expected: `a container port ${number}`,
  };
}
