import type { Verdict } from '../../../core/check.ts';
import { defineCheck } from '../../../core/check.ts';
import type { Facts } from '../../../core/facts.ts';
import type { Location } from '../../../core/location.ts';
import type { Probe } from '../../../core/objects.ts';
import { policiesOn, ruleAllowsPort } from '../../../kubernetes/network-policies.ts';
import { playing, ROLE_FACTS, rolesOf } from '../../../kubernetes/roles.ts';
import { resolvePort, servicesBefore, targetOf } from '../../../kubernetes/service-ports.ts';
import type { Workload } from '../../../kubernetes/workload.ts';
import { orNotApplicable } from '../../verdicts.ts';
import { type ServingContainer, servingContainer } from '../service-port.ts';

const NEEDS = [...ROLE_FACTS, 'configMaps', 'networkPolicies'] as const;
type PortFacts = Pick<Facts, (typeof NEEDS)[number]>;

export const portSingleSourceCheck = defineCheck({
  id: 'port/single-source',
  title: 'The port that the service is told is the port of every manifest',
  severity: 'error',
  why: 'The port of a service is written in half a dozen places. Where one of them disagrees the pods start, the probes fail or the traffic goes nowhere, and each object looks well by itself.',
  how: 'PORT (in env or from a ConfigMap of the input, else an argument such as --port) is compared with the declared container ports, with the ports that the probes ask, with what each Service leads to, and with what the NetworkPolicies over the pods let in. Each place that disagrees is named. A service that is told no port at all fails as a note.',
  fix: 'Set PORT once, name the container port http, and write that name in probes, Services and policies.',
  verify: "grep -rnE 'PORT|containerPort|targetPort|port:' k8s Dockerfile",
  references: [
    'https://12factor.net/port-binding',
    'https://kubernetes.io/docs/concepts/services-networking/service/#field-spec-ports',
  ],
  needs: NEEDS,
  evaluate: (facts, settings) =>
    orNotApplicable(
      playing('service', rolesOf(facts, settings)).flatMap((workload): readonly Verdict[] => {
        const serving = servingContainer(workload, facts);
        return serving === undefined ? [] : judge(workload, serving, facts);
      }),
      'No workload takes traffic through a Service.',
    ),
});

interface Disagreement {
  readonly place: string;
  readonly where: Location;
  readonly observed: string;
}

function judge(workload: Workload, { container, told }: ServingContainer, facts: PortFacts): readonly Verdict[] {
  const { subject, path } = container;
  const { locate } = workload.resource;
  if (told === undefined)
    return [
      {
        outcome: 'fail',
        severity: 'note',
        subject,
        message: 'The service is not told its port, so it listens on whatever its image was built for.',
        where: locate([...path, 'env']),
        observed: 'no PORT in env',
        expected: 'PORT in env, with the number of the container port',
      },
    ];
  const where = locate(told.path);
  if (told.value === undefined)
    return [
      {
        outcome: 'unknown',
        subject,
        message: `PORT comes from where this cannot look: ${told.source}.`,
        where,
      },
    ];
  const { port } = told;
  if (port === undefined || port < 1 || port > 65535)
    return [
      {
        outcome: 'fail',
        subject,
        message: 'PORT is no port number.',
        where,
        observed: `PORT ${JSON.stringify(told.value)} in ${told.source}`,
        expected: 'a number from 1 to 65535',
      },
    ];
  const disagreements = [
    ...declared(workload, container, port),
    ...probed(workload, container, port),
    ...served(workload, port, facts),
    ...letIn(workload, port, facts),
  ];
  if (disagreements.length === 0)
    return [
      {
        outcome: 'pass',
        subject,
        message: 'Every place agrees on the port.',
        where,
        observed: `PORT ${port} in ${told.source}`,
      },
    ];
  return disagreements.map(({ place, where: at, observed }) => ({
    outcome: 'fail',
    subject,
    message: `${place} does not agree with PORT ${port}.`,
    where: at,
    observed,
    expected: `${port}, as ${told.source} says`,
  }));
}

type Container = ServingContainer['container'];

function declared(workload: Workload, { container, path }: Container, port: number): readonly Disagreement[] {
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
function probed(workload: Workload, { container, path }: Container, port: number): readonly Disagreement[] {
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

function served(workload: Workload, port: number, { services }: PortFacts): readonly Disagreement[] {
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

function letIn(workload: Workload, port: number, { networkPolicies }: PortFacts): readonly Disagreement[] {
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
