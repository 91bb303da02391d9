import type { Gateway, Ingress, KubernetesObject } from '../../core/objects.ts';
import type { Resource } from '../../core/resource.ts';
import { certificatesUsed } from '../edge.ts';
import { sameNamespace } from '../label-selector.ts';
import { CLUSTER_WIDE, type ScopeView } from './scope-facts.ts';

const DEFAULT_CLASS = 'ingressclass.kubernetes.io/is-default-class';
const CLASS_ANNOTATION = 'kubernetes.io/ingress.class';

/** The routes that lead to these Services, and those among what is there already, each with all that it needs to work. */
export function atTheEdge(found: ReadonlySet<Resource>, view: ScopeView): readonly Resource[] {
  const leading = [...found]
    .map(({ object }) => object)
    .filter(({ kind }) => kind === 'Service')
    .flatMap((service) =>
      (view.linksTo.get(service.metadata?.name ?? '') ?? [])
        .filter(({ namespace }) => sameNamespace(service, namespace === undefined ? {} : { metadata: { namespace } }))
        .map(({ resource }) => resource),
    );
  const routes = [...new Set([...leading, ...[...found].filter(({ object }) => isRoute(object))])];
  const gateways = [
    ...new Set([
      ...[...found].filter(({ object }) => object.kind === 'Gateway'),
      ...routes.flatMap((route) => gatewaysOf(route, view)),
    ]),
  ];
  const ingresses = routes.filter(({ object }) => object.kind === 'Ingress');
  return [
    ...routes,
    ...gateways,
    ...ingresses.flatMap((ingress) => classesOf(ingress, view)),
    ...gateways.flatMap(({ object }) => {
      const { gatewayClassName } = (object as { readonly spec?: { readonly gatewayClassName?: string } }).spec ?? {};
      return view.find('GatewayClass', gatewayClassName, CLUSTER_WIDE) ?? [];
    }),
    ...certificatesUsed(ingresses as readonly Resource<Ingress>[], gateways as readonly Resource<Gateway>[]).flatMap(
      ({ secretName, namespace }) => certificateOf(secretName, namespace, view),
    ),
  ];
}

function isRoute({ kind }: KubernetesObject): boolean {
  return kind === 'Ingress' || kind === 'HTTPRoute';
}

interface Route extends KubernetesObject {
  readonly spec?: {
    readonly ingressClassName?: string;
    readonly parentRefs?: readonly { readonly name?: string; readonly namespace?: string; readonly kind?: string }[];
  };
}

function gatewaysOf({ object }: Resource, { find }: ScopeView): readonly Resource[] {
  return ((object as Route).spec?.parentRefs ?? []).flatMap(({ kind = 'Gateway', name, namespace }) =>
    kind !== 'Gateway'
      ? []
      : (find(kind, name, namespace === undefined ? object : { kind, metadata: { namespace } }) ?? []),
  );
}

/** The class that an Ingress names, or the default one. */
function classesOf({ object }: Resource, { facts }: ScopeView): readonly Resource[] {
  const named = (object as Route).spec?.ingressClassName ?? object.metadata?.annotations?.[CLASS_ANNOTATION];
  return facts.ingressClasses.filter((candidate) =>
    named === undefined
      ? candidate.object.metadata?.annotations?.[DEFAULT_CLASS] === 'true'
      : candidate.object.metadata?.name === named,
  );
}

/** The Secret, and the Certificate that fills it with the issuer behind it. */
function certificateOf(
  secretName: string,
  namespace: string | undefined,
  { facts, find }: ScopeView,
): readonly Resource[] {
  const beside: KubernetesObject = { kind: 'Secret', ...(namespace === undefined ? {} : { metadata: { namespace } }) };
  const certificates = facts.certificates.filter(
    ({ object }) => object.spec?.secretName === secretName && sameNamespace(object, beside),
  );
  const secret = find('Secret', secretName, beside);
  const issuers = certificates.map(({ object }) => {
    const { kind = 'Issuer', name } = object.spec?.issuerRef ?? {};
    return find(kind, name, kind === 'ClusterIssuer' ? CLUSTER_WIDE : object);
  });
  return [secret, ...certificates, ...issuers].filter((resource) => resource !== undefined);
}
