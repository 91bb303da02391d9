import type { Verdict } from '../../../core/check.ts';
import { defineCheck } from '../../../core/check.ts';
import type { Path } from '../../../core/location.ts';
import type { Container } from '../../../core/objects.ts';
import { playing, ROLE_FACTS, rolesOf } from '../../../kubernetes/roles.ts';
import { containersOf } from '../../../kubernetes/workload.ts';
import { orNotApplicable } from '../../verdicts.ts';

export const notTerminatingTlsCheck = defineCheck({
  id: 'port/not-terminating-tls',
  title: 'The service leaves TLS to the edge',
  severity: 'note',
  why: 'A certificate inside the image or the pod has to be renewed there too, and every probe and monitor has to trust it. The edge has one already.',
  how: 'No main container of a service listens on a port named https or numbered 443 or 8443, answers its probes over HTTPS, or is started with an option that names a certificate. A sidecar that terminates TLS is not asked.',
  fix: 'Listen in plain HTTP on PORT, and let the Ingress or Gateway terminate TLS.',
  verify: "kubectl get deployment NAME -o jsonpath='{.spec.template.spec.containers[*].ports}'",
  references: [
    'https://12factor.net/port-binding',
    'https://kubernetes.io/docs/concepts/services-networking/ingress/#tls',
  ],
  needs: ROLE_FACTS,
  evaluate: (facts, settings) =>
    orNotApplicable(
      playing('service', rolesOf(facts, settings))
        .flatMap(containersOf)
        .filter(({ role }) => role === 'main')
        .map(({ container, subject, path, workload }): Verdict => {
          const sign = signOf(container);
          if (sign === undefined)
            return {
              outcome: 'pass',
              subject,
              message: 'The container speaks plain HTTP.',
              where: workload.resource.locate(path),
              observed: 'no port, probe or option for TLS',
            };
          return {
            outcome: 'fail',
            subject,
            message: 'The container terminates TLS itself.',
            where: workload.resource.locate([...path, ...sign.path]),
            observed: sign.observed,
            expected: 'plain HTTP behind an edge that terminates TLS',
          };
        }),
      'No workload takes traffic through a Service.',
    ),
});

function signOf(container: Container): { readonly path: Path; readonly observed: string } | undefined {
  const port = (container.ports ?? []).findIndex(
    ({ name, containerPort }) => name === 'https' || containerPort === 443 || containerPort === 8443,
  );
  if (port >= 0) return { path: ['ports', port], observed: `container port ${container.ports?.[port]?.containerPort}` };
  const probe = (['startupProbe', 'livenessProbe', 'readinessProbe'] as const).find(
    (name) => container[name]?.httpGet?.scheme === 'HTTPS',
  );
  if (probe !== undefined) return { path: [probe, 'httpGet', 'scheme'], observed: `${probe} over HTTPS` };
  for (const field of ['args', 'command'] as const) {
    const option = /--(?:ssl|tls)-?(?:keyfile|certfile|cert|key)[\w-]*/.exec((container[field] ?? []).join(' '))?.[0];
    if (option !== undefined) return { path: [field], observed: option };
  }
  return undefined;
}
