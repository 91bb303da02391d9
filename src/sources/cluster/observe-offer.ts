import type { ClusterOffer, OfferedClass } from '../../core/cluster-offer.ts';
import type { KubernetesObject } from '../../core/objects.ts';
import { type Api, connect, DEFAULT_TIMEOUT_MS } from './api.ts';
import { ApiError } from './api-error.ts';
import type { ClusterAccess } from './kubeconfig.ts';

/** Reads, with four requests, what a cluster has to choose from. Throws ApiError where it does not answer before the signal. */
export async function observeOffer(access: ClusterAccess, signal: AbortSignal): Promise<ClusterOffer> {
  const api = await connect(access, { timeoutMs: DEFAULT_TIMEOUT_MS, signal });
  try {
    const [version, ingressClasses, gatewayClasses, storageClasses] = await Promise.all([
      readable(api, '/version'),
      classes(api, '/apis/networking.k8s.io/v1/ingressclasses'),
      classes(api, '/apis/gateway.networking.k8s.io/v1/gatewayclasses'),
      classes(api, '/apis/storage.k8s.io/v1/storageclasses'),
    ]);
    const { gitVersion } = (version ?? {}) as { readonly gitVersion?: unknown };
    return {
      ...(typeof gitVersion === 'string' ? { version: gitVersion } : {}),
      ...(ingressClasses === undefined ? {} : { ingressClasses }),
      ...(gatewayClasses === undefined ? {} : { gatewayClasses }),
      ...(storageClasses === undefined ? {} : { storageClasses }),
    };
  } finally {
    api.close();
  }
}

interface ClassObject extends KubernetesObject {
  readonly spec?: { readonly controller?: string; readonly controllerName?: string };
}

async function classes(api: Api, path: string): Promise<readonly OfferedClass[] | undefined> {
  const list = (await readable(api, path)) as { readonly items?: readonly ClassObject[] } | undefined;
  return list?.items?.flatMap(({ metadata, spec }): readonly OfferedClass[] => {
    const { name, annotations = {} } = metadata ?? {};
    const controller = spec?.controller ?? spec?.controllerName;
    if (name === undefined) return [];
    const isDefault = DEFAULT_MARKS.some((mark) => annotations[mark] === 'true');
    return [{ name, isDefault, ...(controller === undefined ? {} : { controller }) }];
  });
}

const DEFAULT_MARKS = ['ingressclass.kubernetes.io/is-default-class', 'storageclass.kubernetes.io/is-default-class'];

/** Undefined where the server refuses, or does not serve it: the other answers are of use all the same. */
async function readable(api: Api, path: string): Promise<unknown> {
  try {
    return await api.json(path);
  } catch (error) {
    if (error instanceof ApiError && error.status !== undefined) return undefined;
    throw error;
  }
}
