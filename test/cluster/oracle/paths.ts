import { valueAt } from './edit.ts';
import type { JsonMap } from './json.ts';

/** A path of the server's that stands in no object, and what it means there. */
interface Spelling {
  /** As people read it. */
  readonly server: string;
  readonly meant: string;
  readonly pattern: RegExp;
  readonly replacement: string;
}

/** Where the server's code names a place otherwise than objects do. Each is a fact about Kubernetes, listed in docs/oracle.md. */
export const SPELLINGS: readonly Spelling[] = [
  {
    server: 'spec.clusterIPs, spec.clusterIPs[0]',
    meant: 'spec.clusterIP',
    pattern: /^spec\.clusterIPs(?:\[0\])?$/,
    replacement: 'spec.clusterIP',
  },
  {
    server: 'spec.LoadBalancerSourceRanges',
    meant: 'spec.loadBalancerSourceRanges',
    pattern: /^spec\.LoadBalancerSourceRanges\b/,
    replacement: 'spec.loadBalancerSourceRanges',
  },
  {
    server: 'spec.template.labels',
    meant: 'spec.template.metadata.labels',
    pattern: /\btemplate\.labels$/,
    replacement: 'template.metadata.labels',
  },
  {
    server: 'topologySpreadConstraints[n].{topologyKey, whenUnsatisfiable}',
    meant: 'topologySpreadConstraints[n]',
    pattern: /\.\{topologyKey, whenUnsatisfiable\}$/,
    replacement: '',
  },
  {
    server: 'spec.resources[storage]',
    meant: 'spec.resources.requests.storage',
    pattern: /\bspec\.resources\[storage\]$/,
    replacement: 'spec.resources.requests.storage',
  },
  {
    server: 'labels, name and the like, of a custom resource that cannot be read',
    meant: 'metadata.labels, metadata.name',
    pattern: /^(?=(?:name|labels|annotations|finalizers|ownerReferences)\b)/,
    replacement: 'metadata.',
  },
  {
    server: 'volumes.VolumeSource.secret: a step with the name of a type in Go',
    meant: 'volumes.secret',
    pattern: /\.[A-Z][A-Za-z]+(?=\.)/g,
    replacement: '',
  },
  {
    server: 'downwardAPI.fieldRef, downwardAPI.path',
    meant: 'downwardAPI.items[n].fieldRef, downwardAPI.items[n].path',
    pattern: /\.downwardAPI\.(?=path$|fieldRef\b|resourceFieldRef\b)/,
    replacement: '.downwardAPI.items.',
  },
  {
    server: 'projected.path',
    meant: 'projected.sources[n].serviceAccountToken.path',
    pattern: /\.projected(?=\.path$)/,
    replacement: '.projected.sources.serviceAccountToken',
  },
];

/**
 * Whether one of our paths names the place that the server names, a part of it (an entry of its map, an item of its list), or what
 * is around it where that is missing altogether. The server leaves out the numbers of items now and then.
 */
export function isNamed(server: string, ours: readonly string[], object: JsonMap, unreadable: boolean): boolean {
  const spelt = SPELLINGS.reduce((path, { pattern, replacement }) => path.replace(pattern, replacement), server);
  const wanted = unreadable ? stepsOf(spelt) : renumbered(stepsOf(spelt), object);
  return ours.some((path) => {
    const steps = stepsOf(path);
    if (isWithin(steps, wanted, 1)) return true;
    // What is not there, or is a map where a text belongs: the server speaks of the fields in it.
    const isAround = isWithin(wanted, steps, Number.POSITIVE_INFINITY);
    if (isAround && (unreadable || (valueAt(object, steps.join('.')) ?? null) === null)) return true;
    const [without, named] = [wanted.filter(isNoNumber), steps.filter(isNoNumber)];
    return steps.length - named.length > wanted.length - without.length && isWithin(named, without, 1);
  });
}

/** The steps begin with the others, and go on for so many at most. */
function isWithin(steps: readonly string[], outer: readonly string[], furtherSteps: number): boolean {
  return steps.length - outer.length <= furtherSteps && outer.every((step, index) => step === steps[index]);
}

/** The server puts the volumes of a StatefulSet's claims before those of its template, and what a Secret has as text into data. */
function renumbered(steps: readonly string[], object: JsonMap): readonly string[] {
  const [first, key = ''] = steps;
  if (object.kind === 'Secret' && first === 'data')
    return Object.hasOwn((object.stringData ?? {}) as JsonMap, key) ? ['stringData', key] : steps;
  const claims = valueAt(object, 'spec.volumeClaimTemplates');
  const at = steps.indexOf('volumes');
  if (object.kind !== 'StatefulSet' || !Array.isArray(claims) || at === -1) return steps;
  return steps.map((step, index) => (index === at + 1 ? String(Number(step) - claims.length) : step));
}

function isNoNumber(step: string): boolean {
  return !/^\d+$/.test(step);
}

/** The steps of a path in either spelling: `a.b[0]["c/d"]`, `a.b[0][c/d]`. */
export function stepsOf(path: string): readonly string[] {
  return [...path.matchAll(/\[("?)(.*?)\1\]|([^.[\]]+)/g)].map(([, , bracketed, plain]) => bracketed ?? plain ?? '');
}
