import type { KubernetesObject, LabelSelector, Monitor } from '../../core/objects.ts';
import type { Resource } from '../../core/resource.ts';
import { budgetsOver } from '../budgets-over.ts';
import { matchesSelector, sameNamespace } from '../label-selector.ts';
import { policiesOn } from '../network-policies.ts';
import { podsOf } from '../pods-of.ts';
import { claimsOf, namedClaim } from '../references/claims.ts';
import { referencesOf } from '../references/settings.ts';
import { serviceMeantFor } from '../roles.ts';
import { servicesInFrontOf } from '../services-in-front.ts';
import type { Workload } from '../workload.ts';
import { CLUSTER_WIDE, type ScopeView } from './scope-facts.ts';

/** Everything that belongs to one workload: what it names, what selects it or its pods, and its pods. */
export function aroundWorkload(workload: Workload, view: ScopeView): readonly Resource[] {
  const { facts, find } = view;
  const { resource, spec } = workload;
  const beside = resource.object;
  const account = find('ServiceAccount', spec.serviceAccountName ?? 'default', beside);
  const pods = workload.serves ? podsOf(workload, facts.pods) : [];
  const services = servicesOf(workload, view);
  return [
    resource,
    ...pods,
    ...referencesOf(workload).flatMap(({ kind, name }) => find(kind, name, beside) ?? []),
    ...(account === undefined ? [] : accountAndRights(account, view)),
    ...claimsAround(workload, view),
    ...services,
    ...facts.horizontalPodAutoscalers.filter(
      ({ object }) =>
        object.spec?.scaleTargetRef?.name === workload.name &&
        object.spec.scaleTargetRef.kind === workload.kind &&
        sameNamespace(object, beside),
    ),
    ...budgetsOver(workload, facts.podDisruptionBudgets),
    ...policiesOn(workload, 'Ingress', facts.networkPolicies),
    ...policiesOn(workload, 'Egress', facts.networkPolicies),
    ...facts.podMonitors.filter(({ object }) => monitors(object, beside, workload.template.metadata?.labels)),
    ...facts.serviceMonitors.filter(({ object: monitor }) =>
      services.some(({ object }) => monitors(monitor, object, object.metadata?.labels)),
    ),
    ...pods.flatMap(({ object }) => find('Node', object.spec?.nodeName, CLUSTER_WIDE) ?? []),
    ...governing(workload, view),
  ];
}

/** The Services that select it, the one that its StatefulSet names, and one that was meant to select it and misses. */
function servicesOf(workload: Workload, { facts, find }: ScopeView): readonly Resource[] {
  const { serviceName } =
    (workload.resource.object as { readonly spec?: { readonly serviceName?: string } }).spec ?? {};
  const selecting = servicesInFrontOf(workload, facts.services);
  const meant = selecting.length === 0 && workload.serves ? serviceMeantFor(workload, facts) : undefined;
  const headless = serviceName === undefined ? undefined : find('Service', serviceName, workload.resource.object);
  return [...new Set([...selecting, meant, headless].filter((service) => service !== undefined))];
}

interface Account extends KubernetesObject {
  readonly imagePullSecrets?: readonly { readonly name?: string }[];
}

/** The account with the bindings that name it, their roles, and the Secrets that it pulls images with. */
function accountAndRights(account: Resource, { facts, find }: ScopeView): readonly Resource[] {
  const { name, namespace } = account.object.metadata ?? {};
  const bindings = facts.roleBindings.filter(({ object }) =>
    (object.subjects ?? []).some(
      (subject) =>
        subject.kind === 'ServiceAccount' &&
        subject.name === name &&
        (subject.namespace ?? object.metadata?.namespace ?? namespace) === namespace,
    ),
  );
  return [
    account,
    ...bindings.flatMap((binding) => {
      const { kind = '', name: role } = binding.object.roleRef ?? {};
      const granted = find(kind, role, kind === 'ClusterRole' ? CLUSTER_WIDE : binding.object);
      return granted === undefined ? [binding] : [binding, granted];
    }),
    ...((account.object as Account).imagePullSecrets ?? []).flatMap(
      ({ name: secret }) => find('Secret', secret, account.object) ?? [],
    ),
  ];
}

/** Its claims, those that its StatefulSet has made, and the volumes and classes that they name. */
function claimsAround(workload: Workload, { facts, find }: ScopeView): readonly Resource[] {
  const beside = workload.resource.object;
  const claims = claimsOf(workload).flatMap((held) => {
    if (held.template === undefined) return namedClaim(held, facts.persistentVolumeClaims) ?? [];
    const made = `${held.volume}-${workload.name}-`;
    return facts.persistentVolumeClaims.filter(({ object }) => {
      const name = object.metadata?.name ?? '';
      return name.startsWith(made) && /^\d+$/.test(name.slice(made.length)) && sameNamespace(object, beside);
    });
  });
  return claims.flatMap((claim) => {
    const { volumeName, storageClassName } = claim.object.spec ?? {};
    const behind = [
      find('PersistentVolume', volumeName, CLUSTER_WIDE),
      find('StorageClass', storageClassName, CLUSTER_WIDE),
    ];
    return [claim, ...behind.filter((resource) => resource !== undefined)];
  });
}

/** What rules a whole namespace rules its workloads. */
function governing({ resource }: Workload, { byRef }: ScopeView): readonly Resource[] {
  const { namespace } = resource.object.metadata ?? {};
  return namespace === undefined ? [] : (byRef.get(`Namespace ${namespace}`) ?? []);
}

function monitors(
  { metadata, spec }: Monitor,
  target: KubernetesObject,
  labels: LabelSelector['matchLabels'] | undefined,
): boolean {
  const { any, matchNames = [] } = spec?.namespaceSelector ?? {};
  const reaches =
    any === true ||
    (matchNames.length > 0
      ? matchNames.includes(target.metadata?.namespace ?? '')
      : sameNamespace(target, metadata === undefined ? {} : { metadata }));
  return reaches && matchesSelector(spec?.selector, labels);
}
