import type { Verdict } from '../../../core/check.ts';
import { defineCheck } from '../../../core/check.ts';
import type { Dockerfile } from '../../../core/file-facts.ts';
import type { Settings } from '../../../core/settings.ts';
import { playing, ROLE_FACTS, rolesOf } from '../../../kubernetes/roles.ts';
import { orNotApplicable } from '../../verdicts.ts';
import { servingContainer } from '../service-port.ts';
import { readPorts } from './read-ports.ts';

export const portExposedCheck = defineCheck({
  id: 'port/exposed',
  title: 'The Dockerfile exposes the port that the manifests use',
  severity: 'error',
  why: 'EXPOSE and the default of PORT are what a person reads, and what runs when a manifest says nothing. Where they differ from the manifests, the image behaves differently on a laptop and in the cluster.',
  how: 'EXPOSE in the last stage of each Dockerfile, with ENV and ARG filled in, names a port of a service of the input: the PORT that it is told, or a port that its container declares. A PORT that the image sets agrees with what it exposes.',
  fix: 'Write ENV PORT=8080 and EXPOSE $PORT, with the number of the manifests.',
  verify: "docker image inspect IMAGE --format '{{.Config.ExposedPorts}} {{.Config.Env}}'",
  references: ['https://docs.docker.com/reference/dockerfile/#expose'],
  only: ['files'],
  needs: [...ROLE_FACTS, 'configMaps', 'dockerfiles'],
  evaluate: (facts, settings) => {
    const ports = playing('service', rolesOf(facts, settings)).flatMap((workload) => {
      const serving = servingContainer(workload, facts, settings);
      const told = serving?.told?.port;
      return told === undefined
        ? (serving?.container.container.ports ?? []).flatMap(({ containerPort }) => containerPort ?? [])
        : [told];
    });
    return orNotApplicable(
      ports.length === 0 ? [] : facts.dockerfiles.map((dockerfile) => judge(dockerfile, ports, settings)),
      'There is no Dockerfile, or no service whose port is known.',
    );
  },
});

function judge(dockerfile: Dockerfile, ports: readonly number[], { aliases }: Settings): Verdict {
  const { exposed, port, end } = readPorts(dockerfile, ['PORT', ...aliases.port]);
  const subject = dockerfile.file;
  const expected = `EXPOSE ${[...new Set(ports)].join(' or ')}`;
  const [first] = exposed;
  if (first === undefined)
    return {
      outcome: 'fail',
      subject,
      message: 'The Dockerfile exposes no port.',
      where: end,
      observed: 'no EXPOSE in the last stage',
      expected,
    };
  const numbers = exposed.flatMap((row) => row.numbers);
  const observed = `EXPOSE ${exposed.map((row) => row.text).join(' ')}${port === undefined ? '' : `, ENV PORT=${port.value}`}`;
  if (!ports.some((wanted) => numbers.includes(wanted)))
    return {
      outcome: 'fail',
      subject,
      message: 'The Dockerfile does not expose the port of the manifests.',
      where: first.where,
      observed,
      expected,
    };
  if (port !== undefined && !numbers.includes(Number(port.value)))
    return {
      outcome: 'fail',
      subject,
      message: 'The PORT that the image sets is not the one that it exposes.',
      where: port.where,
      observed,
      expected: `ENV PORT=${numbers.find((number) => ports.includes(number))}`,
    };
  return { outcome: 'pass', subject, message: 'Image and manifests agree on the port.', where: first.where, observed };
}
