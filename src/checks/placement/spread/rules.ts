import type { Path } from '../../../core/location.ts';
import type { LabelSelector } from '../../../core/objects.ts';
import { matchesSelector } from '../../../kubernetes/label-selector.ts';
import type { Workload } from '../../../kubernetes/workload.ts';

/** A rule by which a workload's pods are kept apart. */
interface SpreadRule {
  /** From the pod spec. */
  readonly at: Path;
  readonly observed: string;
  /** Why it keeps nothing apart. */
  readonly fault: string | undefined;
}

interface Term {
  readonly labelSelector?: LabelSelector;
  readonly topologyKey?: string;
  readonly namespaces?: readonly string[];
}

interface AntiAffinity {
  readonly requiredDuringSchedulingIgnoredDuringExecution?: readonly Term[];
  readonly preferredDuringSchedulingIgnoredDuringExecution?: readonly { readonly podAffinityTerm?: Term }[];
}

/**
 * Every constraint of the pod spec, and the terms of its anti-affinity that are about its own pods. A term about other
 * pods keeps away from a neighbour and is no fault, so it is left out unless nothing else is there.
 */
export function rulesOf(workload: Workload): readonly SpreadRule[] {
  const { spec } = workload;
  const constraints = (spec.topologySpreadConstraints ?? []).map((constraint, index) =>
    toRule('constraint', constraint, ['topologySpreadConstraints', index], workload),
  );
  const terms = antiAffinityTerms((spec.affinity?.podAntiAffinity ?? {}) as AntiAffinity).map(({ term, at }) =>
    toRule('anti-affinity', term, at, workload),
  );
  const about = terms.filter(({ fault }) => fault === undefined);
  return [...constraints, ...(about.length > 0 || constraints.length > 0 ? about : terms)];
}

function antiAffinityTerms(affinity: AntiAffinity): readonly { readonly term: Term; readonly at: Path }[] {
  const required = 'requiredDuringSchedulingIgnoredDuringExecution';
  const preferred = 'preferredDuringSchedulingIgnoredDuringExecution';
  const root = ['affinity', 'podAntiAffinity'];
  return [
    ...(affinity[required] ?? []).map((term, index) => ({ term, at: [...root, required, index] })),
    ...(affinity[preferred] ?? []).flatMap(({ podAffinityTerm: term }, index) =>
      term == null ? [] : [{ term, at: [...root, preferred, index, 'podAffinityTerm'] }],
    ),
  ];
}

function toRule(what: string, { labelSelector, topologyKey }: Term, at: Path, { template }: Workload): SpreadRule {
  const fault =
    topologyKey === undefined || topologyKey === ''
      ? `The ${what} names no topologyKey.`
      : labelSelector == null
        ? `The ${what} has no labelSelector, so it counts no pod and spreads nothing.`
        : matchesSelector(labelSelector, template.metadata?.labels)
          ? undefined
          : `The labelSelector of the ${what} does not match the workload's own pods.`;
  const inside = fault === undefined || topologyKey === undefined || topologyKey === '' ? [] : ['labelSelector'];
  return { at: [...at, ...inside], observed: `${what} over ${topologyKey ?? 'no topologyKey'}`, fault };
}
