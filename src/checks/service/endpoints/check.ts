import type { Verdict } from '../../../core/check.ts';
import { defineCheck } from '../../../core/check.ts';
import { resourcesNear } from '../../../kubernetes/near.ts';
import { orNotApplicable } from '../../verdicts.ts';

/** The label by which an EndpointSlice says whose it is. */
const SERVICE_NAME = 'kubernetes.io/service-name';

export const endpointsCheck = defineCheck({
  id: 'service/endpoints',
  title: 'Each Service has an address that takes traffic',
  severity: 'error',
  why: 'However well the objects fit, a Service without a ready address answers nobody.',
  how: 'The EndpointSlices of each Service with a selector hold at least one endpoint that is ready; a condition that is not said counts as ready, as the API defines it.',
  fix: 'See why the pods are not Ready: kubectl describe pod, and the readiness probe in its events.',
  verify: 'kubectl get endpointslices -l kubernetes.io/service-name=NAME -o yaml',
  references: ['https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/#conditions'],
  only: ['cluster'],
  needs: ['services', 'endpointSlices'],
  evaluate: ({ services, endpointSlices }) =>
    orNotApplicable(
      services
        .filter(({ object: { spec } }) => spec?.type !== 'ExternalName' && Object.keys(spec?.selector ?? {}).length > 0)
        .map(({ object, ref: subject, locate }): Verdict => {
          const endpoints = resourcesNear(endpointSlices, object)
            .filter(
              ({ object: { metadata } }) =>
                metadata?.labels?.[SERVICE_NAME] === object.metadata?.name &&
                metadata?.namespace === object.metadata?.namespace,
            )
            .flatMap((slice) => slice.object.endpoints ?? []);
          const ready = endpoints.filter(
            ({ addresses, conditions }) => conditions?.ready !== false && (addresses ?? []).length > 0,
          );
          const where = locate(['spec', 'selector']);
          const observed = `${ready.length} of ${endpoints.length} endpoints ready`;
          return ready.length > 0
            ? { outcome: 'pass', subject, message: 'The Service has ready addresses.', where, observed }
            : {
                outcome: 'fail',
                subject,
                message:
                  endpoints.length === 0 ? 'The Service has no endpoint.' : 'No endpoint of the Service is ready.',
                where,
                observed,
                expected: 'at least one ready endpoint',
              };
        }),
      'No Service selects pods.',
    ),
});
