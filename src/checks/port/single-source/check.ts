import type { Verdict } from '../../../core/check.ts';
import { defineCheck } from '../../../core/check.ts';
import type { Facts } from '../../../core/facts.ts';
import { playing, ROLE_FACTS, rolesOf } from '../../../kubernetes/roles.ts';
import type { Workload } from '../../../kubernetes/workload.ts';
import { orNotApplicable } from '../../verdicts.ts';
import { type ServingContainer, servingContainer } from '../service-port.ts';
import { declared, letIn, probed, served } from './disagreements.ts';

const NEEDS = [...ROLE_FACTS, 'configMaps', 'networkPolicies'] as const;
type PortFacts = Pick<Facts, (typeof NEEDS)[number]>;

export const portSingleSourceCheck = defineCheck({
  id: 'port/single-source',
  title: 'The port that the service is told is the port of every manifest',
  severity: 'error',
  why: 'The port of a service is written in half a dozen places. Where one of them disagrees the pods start, the probes fail or the traffic goes nowhere, and each object looks well by itself.',
  how: 'PORT, or what aliases.port of the configuration names (in env or from a ConfigMap of the input, else an argument such as --port) is compared with the declared container ports, with the ports that the probes ask, with what each Service leads to, and with what the NetworkPolicies over the pods let in. Each place that disagrees is named. A service that is told no port at all fails as a note.',
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
        const serving = servingContainer(workload, facts, settings);
        return serving === undefined ? [] : judge(workload, serving, facts);
      }),
      'No workload takes traffic through a Service.',
    ),
});

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
