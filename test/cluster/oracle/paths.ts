import { valueAt } from './edit.ts';
import type { JsonMap } from './json.ts';

/** A path of the server's that stands in no object, and what it means there. */
interface Spelling {
  readonly server: RegExp;
  readonly meant: string;
}

/** Where the server's code names a place otherwise than objects do. Each is a fact about Kubernetes, listed in docs/oracle.md. */
export const SPELLINGS: readonly Spelling[] = [
  { server: /\bspec\.clusterIPs\[0\]$/, meant: 'spec.clusterIP' },
  { server: /\bspec\.LoadBalancerSourceRanges\b/, meant: 'spec.loadBalancerSourceRanges' },
  { server: /\btemplate\.labels$/, meant: 'template.metadata.labels' },
  { server: /\.\{topologyKey, whenUnsatisfiable\}$/, meant: '' },
  { server: /\bspec\.resources\[storage\]$/, meant: 'spec.resources.requests.storage' },
  { server: /^(?=(?:labels|annotations)$)/, meant: 'metadata.' },
];

/**
 * Whether one of our paths names the place that the server names, a part of it (an entry of its map, an item of its list), or what
 * is around it where that is missing altogether. The server leaves out the numbers of items now and then.
 */
export function isNamed(server: string, ours: readonly string[], object: JsonMap): boolean {
  const spelt = SPELLINGS.reduce((path, { server: theirs, meant }) => path.replace(theirs, meant), server);
  const wanted = renumbered(stepsOf(spelt), object);
  return ours.some((path) => {
    const steps = stepsOf(path);
    if (isWithin(steps, wanted, 1)) return true;
    if (isWithin(wanted, steps, Number.POSITIVE_INFINITY) && valueAt(object, steps.join('.')) === undefined)
      return true;
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
  if (object.kind === 'Secret' && steps[0] === 'data' && valueAt(object, `stringData`) !== undefined) {
    const key = steps[1] ?? '';
    const texts = valueAt(object, 'stringData') as JsonMap;
    return key in texts ? ['stringData', key] : steps;
  }
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
