import type { ClusterOffer, OfferedClass } from '../core/cluster-offer.ts';
import type { Answers, GivenAnswers } from './answers.ts';

/** By the name that a controller gives itself in its class. */
const CONTROLLERS: Readonly<Record<string, Answers['ingressController']>> = {
  'traefik.io/ingress-controller': 'traefik',
  'haproxy.org/ingress-controller': 'haproxy',
  'haproxy-ingress.github.io/controller': 'haproxy',
  'nginx.org/ingress-controller': 'nginx-inc',
  'k8s.io/ingress-nginx': 'ingress-nginx',
  'ingress.k8s.aws/alb': 'aws',
  'azure/application-gateway': 'azure',
};

/** The answers that follow from what a cluster has. Where there is a choice that nobody made, there is no answer. */
export function answersOfCluster({
  version,
  ingressClasses,
  gatewayClasses,
  storageClasses,
}: ClusterOffer): GivenAnswers {
  const ingress = meant(ingressClasses);
  const gateway = meant(gatewayClasses);
  const hasDefaultStorage = storageClasses?.some(({ isDefault }) => isDefault) === true;
  const found = {
    kubernetesVersion: /^v(1\.\d+)/.exec(version ?? '')?.[1],
    ingressClass: ingress?.name,
    ingressController: ingress === undefined ? undefined : (CONTROLLERS[ingress.controller ?? ''] ?? 'other'),
    gatewayClass: gateway?.name,
    exposure: ingressClasses?.length === 0 && gateway !== undefined ? 'gateway' : undefined,
    // A claim without a class takes the default one, in this cluster as in the next.
    storageClass: hasDefaultStorage ? undefined : meant(storageClasses)?.name,
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}

/** The default one, or the only one. */
function meant(classes: readonly OfferedClass[] = []): OfferedClass | undefined {
  return classes.find(({ isDefault }) => isDefault) ?? (classes.length === 1 ? classes[0] : undefined);
}
