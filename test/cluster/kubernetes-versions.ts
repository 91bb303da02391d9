/** The versions that the harness can build, by what a person types; the first is the default. */
const PATCH_OF = { '1.37': '1.37.2', '1.36': '1.36.3', '1.35': '1.35.4' } as const;

export type KubernetesVersion = keyof typeof PATCH_OF;

export const KUBERNETES_VERSIONS = Object.keys(PATCH_OF) as readonly KubernetesVersion[];
export const DEFAULT_KUBERNETES: KubernetesVersion = '1.37';

export function patchVersion(version: KubernetesVersion): string {
  return PATCH_OF[version];
}

/** Throws a sentence for a version that the harness does not build. */
export function parseKubernetesVersion(text: string | undefined): KubernetesVersion {
  if (text === undefined || text === '') return DEFAULT_KUBERNETES;
  const known = KUBERNETES_VERSIONS.find((version) => version === text || PATCH_OF[version] === text);
  if (known === undefined)
    throw new Error(`Kubernetes ${text} is not built here; choose one of ${KUBERNETES_VERSIONS.join(', ')}.`);
  return known;
}
