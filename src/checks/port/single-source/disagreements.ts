import type { Facts } from '../../../core/facts.ts';
import type { Location } from '../../../core/location.ts';
import type { Probe } from '../../../core/objects.ts';
import { policiesOn, ruleAllowsPort } from '../../../kubernetes/network-policies.ts';
import { resolvePort, servicesBefore, targetOf } from '../../../kubernetes/service-ports.ts';
import type { Workload } from '../../../kubernetes/workload.ts';
import type { ServingContainer } from '../service-port.ts';

/** A place that names another port than the service is told. */
export interface Disagreement {
  readonly place: string;
  readonly where: Location;
  readonly observed: string;
}

type PortFacts = Pick<Facts, 'services' | 'networkPolicies'>;

type Container = ServingContainer['container'];

export function declared(workload: Workload, { container, path }: Container, port: number): readonly Disagreement[] {
  const ports = container.ports ?? [];
  if (ports.length === 0 || ports.some(({ containerPort }) => containerPort === port)) return [];
  return [
    {
      place: 'The container port',
      where: workload.resource.locate([...path, 'ports', 0, 'containerPort']),
      observed: ports.map(({ name, containerPort }) => `${name ?? 'containerPort'} ${containerPort}`).join(', '),
    },
  ];
}

/** A probe may ask another port that the container declares: some services answer for their health on a port of its own. */
export function probed(workload: Workload, { container, path }: Container, port: number): readonly Disagreement[] {
  return (['startupProbe', 'livenessProbe', 'readinessProbe'] as const).flatMap((name) => {
    const handler = handlerOf(container[name]);
    if (handler?.port === undefined) return [];
    const { number, container: declaring } = resolvePort(handler.port, workload);
    if (number === port || declaring !== undefined) return [];
    return [
      {
        place: `The ${name}`,
        where: workload.resource.locate([...path, name, handler.kind, 'port']),
        observed: `${handler.kind} on port ${handler.port}`,
      },
    ];
  });
}

function handlerOf(
  probe: Probe | undefined,
): { readonly kind: string; readonly port: number | string | undefined } | undefined {
  if (probe?.httpGet != null) return { kind: 'httpGet', port: probe.httpGet.port };
  if (probe?.tcpSocket != null) return { kind: 'tcpSocket', port: probe.tcpSocket.port };
  return probe?.grpc == null ? undefined : { kind: 'grpc', port: probe.grpc.port };
}

export function served(workload: Workload, port: number, { services }: PortFacts): readonly Disagreement[] {
  const fronts = servicesBefore(workload, services);
  const leads = fronts.flatMap(({ object, ref, locate }) =>
    (object.spec?.ports ?? []).map((row, index) => ({
      number: resolvePort(targetOf(row), workload, row.protocol).number,
      place: ref,
      where: locate(['spec', 'ports', index, 'targetPort']),
      observed: `targetPort ${targetOf(row)}`,
    })),
  );
  // One way in is enough: a second Service, or a second port, can be for metrics.
  return leads.some(({ number }) => number === port) ? [] : leads.slice(0, 1);
}

export function letIn(workload: Workload, port: number, { networkPolicies }: PortFacts): readonly Disagreement[] {
  const isolating = policiesOn(workload, 'Ingress', networkPolicies);
  const resolve = (name: string) => resolvePort(name, workload).number;
  const rules = isolating.flatMap((policy) =>
    (policy.object.spec?.ingress ?? []).map((rule, index) => ({ policy, rule, index })),
  );
  // A policy without any rule is a question of its own; here only a port that was meant and missed counts.
  if (rules.length === 0 || rules.some(({ rule }) => ruleAllowsPort(rule, port, 'TCP', resolve))) return [];
  return rules.slice(0, 1).map(({ policy, rule, index }) => ({
    place: policy.ref,
    where: policy.locate(['spec', 'ingress', index, 'ports', 0, 'port']),
    observed: `lets in ${(rule.ports ?? []).map((allowed) => allowed.port ?? 'every port').join(', ')}`,
  }));
}
