import type { KubernetesObject } from '../../../core/objects.ts';
import { groupOf } from '../../../kubernetes/kinds.ts';
import { defineLiveFact, listedObjects } from '../live-fact.ts';
import { compareObject } from './compare-object.ts';
import { servedKinds } from './served-kinds.ts';

interface Autoscaler extends KubernetesObject {
  readonly spec?: {
    readonly scaleTargetRef?: { readonly apiVersion?: string; readonly kind?: string; readonly name?: string };
  };
}

/** The objects that files declare against those that are there. What it may read depends on the files, and stands in no rule. */
export const driftFact = defineLiveFact({
  fact: 'drift',
  from: ['horizontalPodAutoscalers'],
  rules: [],
  onRequest: true,
  async observe(view) {
    const { api, hash, home, declared } = view;
    if (declared === undefined) return { seen: false, reason: 'no files were given to compare with' };
    const autoscalers = listedObjects(view, 'horizontalPodAutoscalers');
    const isTarget = scaledBy(
      [
        ...declared.objects.map(({ object }) => object),
        ...(autoscalers.seen ? autoscalers.value.map(({ object }) => object) : []),
      ],
      home,
    );
    const comparing = {
      api,
      hash,
      namespace: home,
      servedKind: servedKinds(api),
      schemasOf: ({ apiVersion = '', kind }: KubernetesObject) => ({
        kind: declared.schemas.schemaOf(apiVersion, kind),
        metadata: declared.schemas.metadata,
      }),
      // Where autoscalers may not be seen, what the object says of who scaled it last is all there is.
      isScaled: (object: KubernetesObject, live: KubernetesObject) =>
        isTarget(object) || (!autoscalers.seen && wasScaledByController(live)),
      withoutRight: new Map<string, string>(),
    };
    const value = await Promise.all(written(declared.objects, home).map((object) => compareObject(object, comparing)));
    const gaps = declared.notSeen.map(({ what, reason }) => `${what}: ${reason}`);
    return { seen: true, value, ...(gaps.length === 0 ? {} : { incomplete: gaps.join('; ') }) };
  },
});

/** Each object once: of two that are written under one name, the later one is applied last. */
function written<T extends { readonly object: KubernetesObject }>(objects: readonly T[], home: string): readonly T[] {
  const last = new Map(
    objects.map((found) => {
      const { apiVersion, kind, metadata } = found.object;
      return [JSON.stringify([groupOf(apiVersion), kind, metadata?.namespace ?? home, metadata?.name]), found];
    }),
  );
  return [...last.values()];
}

interface Managed {
  readonly managedFields?: readonly { readonly manager?: string; readonly subresource?: string }[];
}

function wasScaledByController({ metadata }: KubernetesObject): boolean {
  const { managedFields = [] } = (metadata ?? {}) as Managed;
  return managedFields.some(
    ({ manager, subresource }) => subresource === 'scale' && manager === 'kube-controller-manager',
  );
}

/** Whether an autoscaler among these objects sets the replicas of an object. */
function scaledBy(objects: readonly KubernetesObject[], home: string): (object: KubernetesObject) => boolean {
  const keyOf = (kind: string | undefined, name: string | undefined, namespace: string | undefined) =>
    JSON.stringify([kind, name, namespace ?? home]);
  const targets = new Set(
    objects
      .filter(({ kind }) => kind === 'HorizontalPodAutoscaler' || kind === 'ScaledObject')
      .map(({ spec, kind, metadata }: Autoscaler) => {
        const { kind: target, name } = spec?.scaleTargetRef ?? {};
        // KEDA takes a Deployment where no kind is written.
        return keyOf(target ?? (kind === 'ScaledObject' ? 'Deployment' : undefined), name, metadata?.namespace);
      }),
  );
  return ({ kind, metadata }) => targets.has(keyOf(kind, metadata?.name, metadata?.namespace));
}
