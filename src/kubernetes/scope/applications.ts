import type { Workload } from '../workload.ts';

/**
 * The names that a workload is known by, the most telling first: those that Kubernetes recommends
 * (https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/), then what people wrote before them.
 */
export const NAME_LABELS = ['app.kubernetes.io/name', 'app.kubernetes.io/instance', 'app'] as const;
export type NameLabel = (typeof NAME_LABELS)[number];

/** The label of what an object is a part of; it says nothing where whole platforms are meant, and much where its value is an application's name. */
export const PART_OF = 'app.kubernetes.io/part-of';

/** Workloads that are one application, and why they were taken for one. */
export interface Application {
  readonly name: string;
  /** Undefined where the objects do not say it. */
  readonly namespace: string | undefined;
  readonly workloads: readonly Workload[];
  /** As half a sentence: `its label app.kubernetes.io/name says so`. */
  readonly why: string;
}

/** What one workload is called, label by label. Labels of the pods count where the workload itself has none. */
export function nameLabelsOf({ resource, template }: Workload): Readonly<Partial<Record<NameLabel, string>>> {
  const [own, ofPods] = [resource.object.metadata?.labels ?? {}, template.metadata?.labels ?? {}];
  return Object.fromEntries(
    NAME_LABELS.flatMap((label) => {
      const value = own[label] ?? ofPods[label];
      return typeof value !== 'string' || value === '' ? [] : [[label, value] as const];
    }),
  );
}

/** Every name by which a workload can be asked for. */
export function knownNamesOf(workload: Workload): readonly string[] {
  return [...new Set([...Object.values(nameLabelsOf(workload)), workload.name])];
}

/**
 * The workloads that are known by a name: those whose application is called so, by the first of NAME_LABELS that a workload has, or
 * by its own name where it has none of them. Where there are none, those with the name under another of the labels, tried in
 * their order, and then those that are named so themselves; the first of these that anything answers to decides.
 */
export function knownAs(name: string, workloads: readonly Workload[]): readonly Workload[] {
  const ways: readonly ((workload: Workload) => string | undefined)[] = [
    (workload) => calledBy(workload).name,
    ...NAME_LABELS.map((label) => (workload: Workload) => nameLabelsOf(workload)[label]),
    (workload) => workload.name,
  ];
  for (const way of ways) {
    const known = workloads.filter((workload) => way(workload) === name);
    if (known.length > 0) return known;
  }
  return [];
}

/**
 * Puts workloads of one namespace together that have the same name and the same instance. Where one name has several instances,
 * each is called by its instance.
 */
export function applicationsOf(workloads: readonly Workload[]): readonly Application[] {
  const groups = [
    ...Map.groupBy(workloads, (workload) =>
      JSON.stringify([
        workload.resource.object.metadata?.namespace,
        calledBy(workload).name,
        nameLabelsOf(workload)['app.kubernetes.io/instance'],
      ]),
    ).values(),
  ];
  const namesakes = Map.groupBy(groups, ([first]) =>
    JSON.stringify([first?.resource.object.metadata?.namespace, first && calledBy(first).name]),
  );
  return groups.flatMap((group): readonly Application[] => {
    const [first] = group;
    if (first === undefined) return [];
    const { namespace } = first.resource.object.metadata ?? {};
    const { name, why } = calledBy(first);
    const instance = nameLabelsOf(first)['app.kubernetes.io/instance'];
    const isOneOfMany = (namesakes.get(JSON.stringify([namespace, name])) ?? []).length > 1;
    return [
      isOneOfMany && instance !== undefined && instance !== name
        ? { name: instance, namespace, workloads: group, why: says('app.kubernetes.io/instance') }
        : { name, namespace, workloads: group, why },
    ];
  });
}

function calledBy(workload: Workload): { readonly name: string; readonly why: string } {
  const labels = nameLabelsOf(workload);
  const label = NAME_LABELS.find((candidate) => labels[candidate] !== undefined);
  const name = label === undefined ? undefined : labels[label];
  return label === undefined || name === undefined
    ? { name: workload.name, why: 'it is named so' }
    : { name, why: says(label) };
}

function says(label: NameLabel): string {
  return `its label ${label} says so`;
}
