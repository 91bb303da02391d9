import { parseImageReference } from './image-reference.ts';

/**
 * What a runtime calls the image that it runs. A `manifest` digest is what a registry knows an image by, of the index or of the
 * manifest for one platform; a `config` digest is known to the runtime alone, and is comparable with its like only.
 */
export interface RunningImage {
  readonly kind: 'manifest' | 'config';
  /** `sha256:…`. */
  readonly digest: string;
  /** With its registry, of a manifest digest. */
  readonly repository: string | undefined;
}

/** Parses `imageID` as containerd, CRI-O and dockershim write it; undefined where it is none of those, or not there yet. */
export function parseImageId(imageId: string | undefined): RunningImage | undefined {
  const text = (imageId ?? '').replace(/^docker(?:-pullable)?:\/\//, '');
  const bare = /^(?:sha256:)?([0-9a-f]{64})$/.exec(text);
  if (bare !== null) return { kind: 'config', digest: `sha256:${bare[1]}`, repository: undefined };
  const reference = parseImageReference(text);
  if (reference?.digest === undefined) return undefined;
  const { registry = 'docker.io', repository, digest } = reference;
  return { kind: 'manifest', digest, repository: `${registry}/${repository}` };
}
