import { put, repeatFirst, valueAt } from '../edit.ts';
import type { Json, JsonMap } from '../json.ts';
import { MAKERS, type MadeKind } from '../objects.ts';
import type { Random } from '../random.ts';

/** One fault that people make. */
export interface Mutation {
  readonly name: string;
  readonly kinds: readonly MadeKind[];
  /** Changes the object in place; false where it has nothing to break in this way. */
  apply(object: JsonMap, random: Random): boolean;
}

export type Apply = Mutation['apply'];

export const ALL = Object.keys(MAKERS) as readonly MadeKind[];
/** Kinds that run pods, with the way to the pod spec. */
export const POD_PATHS = {
  Deployment: 'spec.template.spec',
  StatefulSet: 'spec.template.spec',
  DaemonSet: 'spec.template.spec',
  ReplicaSet: 'spec.template.spec',
  Pod: 'spec',
  Job: 'spec.template.spec',
  CronJob: 'spec.jobTemplate.spec.template.spec',
} as const;
export const PODS = Object.keys(POD_PATHS) as readonly (keyof typeof POD_PATHS)[];
export const SELECTING = ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet'] as const;
export const SERVING = [...SELECTING, 'Pod'] as const;

/** Sets one field, or takes it away where the value is undefined. */
export const set =
  (path: string, ...values: readonly (Json | undefined)[]): Apply =>
  (object, random) =>
    put(object, path, structuredClone(random.pick(values)));

export const on = (name: string, kinds: readonly MadeKind[], apply: Apply): Mutation => ({ name, kinds, apply });

/** The same below the pod spec of each kind that runs pods. */
export const onPods = (name: string, apply: Apply, kinds: readonly (keyof typeof POD_PATHS)[] = PODS): Mutation => ({
  name,
  kinds,
  apply(object, random) {
    const spec = valueAt(object, POD_PATHS[object.kind as keyof typeof POD_PATHS]);
    return spec !== undefined && apply(spec as JsonMap, random);
  },
});

export const repeat =
  (path: string, change?: JsonMap): Apply =>
  (object) =>
    repeatFirst(object, path, change);

/** Adds an entry to a map. */
export function putKey(object: JsonMap, path: string, key: string): boolean {
  const map = valueAt(object, path);
  if (typeof map !== 'object' || map === null || Array.isArray(map)) return false;
  map[key] = 'eA==';
  return true;
}
