import type { Path } from '../core/location.ts';
import type { Gateway, HTTPRoute, Ingress } from '../core/objects.ts';
import type { Resource } from '../core/resource.ts';
import { routesOf, ruleHostsOf } from './edge.ts';
import { coversHost } from './host-name.ts';

/** A host that the edge of a cluster is to serve over TLS. */
export interface TlsHost {
  readonly resource: Resource<Ingress> | Resource<Gateway>;
  /** As it is written, with its wildcard; undefined where every host is meant. */
  readonly host: string | undefined;
  readonly port: number;
  /** Where the controller says that it listens: IP addresses and host names. */
  readonly addresses: readonly string[];
  /** A path that the object has for the host. */
  readonly path: string;
  /** From the object to where the host is written. */
  readonly at: Path;
}

/** Every host that an Ingress lists under TLS, and every one that an HTTPS listener of a Gateway serves. */
export function tlsHostsOf(
  ingresses: readonly Resource<Ingress>[],
  gateways: readonly Resource<Gateway>[],
  routes: readonly Resource<HTTPRoute>[],
): readonly TlsHost[] {
  return [...ingresses.flatMap(hostsOfIngress), ...gateways.flatMap((gateway) => hostsOfGateway(gateway, routes))];
}

/** A name that a wildcard stands for: a client asks for a name, never for a pattern. */
export function nameUnder(host: string): string {
  return host.replace(/^\*\./, 'qna-ready.');
}

function hostsOfIngress(resource: Resource<Ingress>): readonly TlsHost[] {
  const { spec, status } = resource.object;
  const entries = spec?.tls ?? [];
  if (entries.length === 0) return [];
  const about = {
    resource,
    port: 443,
    addresses: (status?.loadBalancer?.ingress ?? []).flatMap(({ ip, hostname }) => ip || hostname || []),
  };
  const listed = entries.flatMap(({ hosts }, entry) =>
    (hosts ?? []).map((host, index) => ({ host, at: ['spec', 'tls', entry, 'hosts', index] })),
  );
  const rules = ruleHostsOf(resource.object).filter(({ host }) => listed.some((each) => coversHost(each.host, host)));
  const others = listed.filter((each) => !rules.some(({ host }) => coversHost(each.host, host)));
  const named = [
    ...rules.map(({ host, path: at }) => ({ ...about, host, path: pathFor(resource.object, host), at })),
    ...others.map(({ host, at }) => ({ ...about, host, path: '/', at })),
  ];
  return named.length > 0 ? named : [{ ...about, host: undefined, path: '/', at: ['spec', 'tls'] }];
}

/** The first path that is plain enough to be asked for: some controllers read patterns. */
function pathFor({ spec }: Ingress, host: string): string {
  const paths = (spec?.rules ?? []).filter((rule) => rule.host === host).flatMap(({ http }) => http?.paths ?? []);
  return paths.find(({ path }) => path !== undefined && /^\/[\w./-]*$/.test(path))?.path ?? '/';
}

function hostsOfGateway(resource: Resource<Gateway>, routes: readonly Resource<HTTPRoute>[]): readonly TlsHost[] {
  const { spec, status } = resource.object;
  const addresses = (status?.addresses ?? []).flatMap(({ value }) => value || []);
  return (spec?.listeners ?? []).flatMap((listener, index): readonly TlsHost[] => {
    const { name, hostname, protocol, port = 443 } = listener;
    if (protocol !== 'HTTPS') return [];
    const about = { resource, port, addresses, path: '/', at: ['spec', 'listeners', index] };
    if (hostname !== undefined && !hostname.startsWith('*.')) return [{ ...about, host: hostname }];
    const asked = routesOf(resource.object, name, routes).flatMap(({ object }) => object.spec?.hostnames ?? []);
    // A wildcard of a listener stands for any number of labels, unlike that of a certificate.
    const served = asked.filter((host) => hostname === undefined || host.endsWith(hostname.slice(1)));
    return (served.length > 0 ? [...new Set(served)] : [hostname]).map((host) => ({ ...about, host }));
  });
}
