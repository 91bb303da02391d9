import type { Facts } from '../../core/facts.ts';
import type { Path } from '../../core/location.ts';
import type { Resource } from '../../core/resource.ts';
import { backendsOf } from '../edge.ts';

type RouteFacts = Pick<Facts, 'ingresses' | 'httpRoutes'>;

/** One backend: who names it, and which Service and port it means. */
export interface Link {
  readonly resource: Resource;
  readonly path: Path;
  readonly name: string;
  readonly namespace: string | undefined;
  readonly port: { readonly name?: string; readonly number?: number };
}

export function linksOf({ ingresses, httpRoutes }: RouteFacts): readonly Link[] {
  return [
    ...ingresses.flatMap((resource) =>
      backendsOf(resource.object).flatMap(({ backend: { service, resource: other }, path }) =>
        other != null
          ? []
          : [
              {
                resource,
                path,
                name: service?.name ?? '(none)',
                namespace: resource.object.metadata?.namespace,
                port: service?.port ?? {},
              },
            ],
      ),
    ),
    ...httpRoutes.flatMap((resource) =>
      (resource.object.spec?.rules ?? []).flatMap(({ backendRefs }, rule) =>
        (backendRefs ?? []).flatMap(({ kind = 'Service', name = '(none)', namespace, port }, index) =>
          kind !== 'Service'
            ? []
            : [
                {
                  resource,
                  path: ['spec', 'rules', rule, 'backendRefs', index],
                  name,
                  namespace: namespace ?? resource.object.metadata?.namespace,
                  port: port == null ? {} : { number: port },
                },
              ],
        ),
      ),
    ),
  ];
}
