/** Where the API server keeps the kinds that the stories look at. */
export const APIS = {
  certificates: '/apis/cert-manager.io/v1',
  configmaps: '/api/v1',
  cronjobs: '/apis/batch/v1',
  deployments: '/apis/apps/v1',
  endpointslices: '/apis/discovery.k8s.io/v1',
  gateways: '/apis/gateway.networking.k8s.io/v1',
  events: '/api/v1',
  ingresses: '/apis/networking.k8s.io/v1',
  jobs: '/apis/batch/v1',
  networkpolicies: '/apis/networking.k8s.io/v1',
  persistentvolumeclaims: '/api/v1',
  poddisruptionbudgets: '/apis/policy/v1',
  pods: '/api/v1',
  secrets: '/api/v1',
  services: '/api/v1',
  statefulsets: '/apis/apps/v1',
} as const;

export type StoryKind = keyof typeof APIS;

/** What is, without the events, which tell of what was. */
export const STORY_KINDS = (Object.keys(APIS) as readonly StoryKind[]).filter((kind) => kind !== 'events');

/** An object as the API server speaks it. */
export interface StoryObject {
  readonly metadata: {
    readonly name: string;
    readonly uid: string;
    readonly resourceVersion: string;
    readonly generation?: number;
    readonly deletionTimestamp?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly ownerReferences?: readonly { readonly kind: string }[];
  };
}

export function isStoryKind(kind: string): kind is StoryKind {
  return kind in APIS;
}
