import type { Path } from '../core/location.ts';
import type { Gateway, HTTPRoute, Ingress, IngressBackend } from '../core/objects.ts';
import type { Resource } from '../core/resource.ts';

/** A host of an Ingress, with the way to where it is written. */
export interface RuleHost {
  readonly host: string;
  readonly path: Path;
}

export function ruleHostsOf({ spec }: Ingress): readonly RuleHost[] {
  return (spec?.rules ?? []).flatMap(({ host }, index) =>
    host == null || host === '' ? [] : [{ host, path: ['spec', 'rules', index, 'host'] }],
  );
}

/** Every backend of an Ingress, the default one included. */
export function backendsOf({ spec }: Ingress): readonly { readonly backend: IngressBackend; readonly path: Path }[] {
  const fallback = spec?.defaultBackend;
  return [
    ...(fallback == null ? [] : [{ backend: fallback, path: ['spec', 'defaultBackend'] }]),
    ...(spec?.rules ?? []).flatMap(({ http }, rule) =>
      (http?.paths ?? []).flatMap(({ backend }, index) =>
        backend == null ? [] : [{ backend, path: ['spec', 'rules', rule, 'http', 'paths', index, 'backend'] }],
      ),
    ),
  ];
}

export interface CertificateUse {
  readonly resource: Resource;
  readonly secretName: string;
  /** Where the Secret lies; undefined where the object does not say its own namespace. */
  readonly namespace: string | undefined;
  readonly hosts: readonly string[];
  readonly path: Path;
}

/** Every Secret that an Ingress or a Gateway takes its certificate from. */
export function certificatesUsed(
  ingresses: readonly Resource<Ingress>[],
  gateways: readonly Resource<Gateway>[],
): readonly CertificateUse[] {
  return [
    ...ingresses.flatMap((resource) =>
      (resource.object.spec?.tls ?? []).flatMap(({ secretName, hosts }, index) =>
        secretName == null || secretName === ''
          ? []
          : [
              {
                resource,
                secretName,
                namespace: resource.object.metadata?.namespace,
                hosts: hosts ?? [],
                path: ['spec', 'tls', index, 'secretName'],
              },
            ],
      ),
    ),
    ...gateways.flatMap((resource) =>
      (resource.object.spec?.listeners ?? []).flatMap(({ tls, hostname }, index) =>
        (tls?.certificateRefs ?? []).flatMap(({ kind = 'Secret', name = '', namespace }, nth) =>
          kind === 'Secret'
            ? [
                {
                  resource,
                  secretName: name,
                  namespace: namespace ?? resource.object.metadata?.namespace,
                  hosts: hostname == null ? [] : [hostname],
                  path: ['spec', 'listeners', index, 'tls', 'certificateRefs', nth],
                },
              ]
            : [],
        ),
      ),
    ),
  ];
}

/** A listener whose certificate the controller of a Gateway refuses, and what it says of that. */
export interface RefusedCertificate {
  readonly listener: string;
  readonly reason: string;
  readonly path: Path;
}

export function certificatesRefused({ status }: Gateway): readonly RefusedCertificate[] {
  return (status?.listeners ?? []).flatMap(({ name = '', conditions = [] }, index) => {
    const refused = conditions.find(
      ({ type, status: state, reason }) =>
        type === 'ResolvedRefs' && state === 'False' && reason === 'InvalidCertificateRef',
    );
    const path = ['status', 'listeners', index, 'conditions'];
    return refused === undefined ? [] : [{ listener: name, reason: refused.message ?? 'InvalidCertificateRef', path }];
  });
}

interface ParentReference {
  readonly name?: string;
  readonly kind?: string;
  readonly sectionName?: string;
}

/** The routes that attach to a listener: by the Gateway's name, and by the listener's where the route says one. */
export function routesOf(
  gateway: Gateway,
  listener: string | undefined,
  routes: readonly Resource<HTTPRoute>[],
): readonly Resource<HTTPRoute>[] {
  return routes.filter(({ object }) =>
    ((object.spec?.parentRefs ?? []) as readonly ParentReference[]).some(
      ({ name, kind = 'Gateway', sectionName }) =>
        kind === 'Gateway' &&
        name === gateway.metadata?.name &&
        (sectionName === undefined || sectionName === listener),
    ),
  );
}
