import type { Location, Path } from './location.ts';
import type { KubernetesObject } from './objects.ts';

/** One Kubernetes object as the API speaks it, and the way back to where it was read. */
export interface Resource<T extends KubernetesObject = KubernetesObject> {
  readonly object: T;
  /** `Deployment prod/qna`, or `Deployment qna` where no namespace is written. */
  readonly ref: string;
  /** The place of a part of the object; of its closest existing parent where the part is missing. */
  locate(path: Path): Location;
  /** Where a change of the object can be written; absent where it was rendered, or is alive. */
  readonly origin?: Origin;
}

/** The place of an object in a file. */
export interface Origin {
  readonly file: string;
  /** The number of its document, from zero. */
  readonly document: number;
  /** From the document to the object, where a List holds it. */
  readonly path: Path;
}

/** The name that people and reports give an object. */
export function refOf(object: KubernetesObject): string {
  const { name, generateName, namespace } = object.metadata ?? {};
  const shown = name ?? (generateName === undefined ? '(no name)' : `${generateName}…`);
  return `${object.kind} ${namespace === undefined ? '' : `${namespace}/`}${shown}`;
}
