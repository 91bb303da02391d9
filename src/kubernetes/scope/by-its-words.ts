import type { Facts } from '../../core/facts.ts';
import type { ConfigMap } from '../../core/objects.ts';
import type { Resource } from '../../core/resource.ts';
import { sameNamespace } from '../label-selector.ts';
import { resourcesNear } from '../near.ts';
import { type Application, knownNamesOf, NAME_LABELS, nameLabelsOf, PART_OF } from './applications.ts';
import type { ScopeView } from './scope-facts.ts';

/** Objects that are labelled as the application is or as a part of it, or named like one of its workloads, though nothing leads to them. */
export function carriersOf({ name, workloads }: Application, { named, labelled }: ScopeView): readonly Resource[] {
  return workloads.flatMap((workload) => {
    const beside = workload.resource.object;
    const near = (resources: readonly Resource[] | undefined) => resourcesNear(resources ?? NONE, beside);
    const known = nameLabelsOf(workload);
    const alike = Object.entries(known)
      .flatMap(([label, value]) => near(labelled.get(`${label}=${value}`)))
      .filter(({ object }) =>
        NAME_LABELS.every(
          (label) => known[label] === undefined || [undefined, known[label]].includes(object.metadata?.labels?.[label]),
        ),
      );
    return [...alike, ...near(labelled.get(`${PART_OF}=${name}`)), ...near(named.get(workload.name))].filter(
      ({ object }) => !RUNNING.has(object.kind) && sameNamespace(object, beside),
    );
  });
}

const NONE: readonly Resource[] = [];

/** What runs is an application's by being chosen, not by resembling one. */
const RUNNING: ReadonlySet<string> = new Set([
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'ReplicaSet',
  'Job',
  'CronJob',
  'Pod',
  'Node',
  'Namespace',
]);

/**
 * Alert rules and dashboards select nothing; they tell what they are about in queries and words. One that names no application at
 * all is about every one of its namespace.
 */
export function toldOf(
  applications: readonly Application[],
  { facts }: { readonly facts: Pick<Facts, 'prometheusRules' | 'configMaps'> },
): ReadonlyMap<Application, readonly Resource[]> {
  const words = applications.map((application) => ({ application, pattern: patternOf(application) }));
  const told = new Map<Application, Resource[]>(applications.map((application) => [application, []]));
  for (const resource of [...facts.prometheusRules, ...facts.configMaps.filter(({ object }) => isWatching(object))]) {
    const text = JSON.stringify({ ...resource.object, metadata: {} });
    const named = words.filter(({ pattern }) => pattern.test(text)).map(({ application }) => application);
    const near = applications.filter(({ workloads }) =>
      workloads.some((workload) => sameNamespace(workload.resource.object, resource.object)),
    );
    for (const application of named.length > 0 ? named : near) told.get(application)?.push(resource);
  }
  return told;
}

/** A dashboard of Grafana, or alert rules of a Prometheus without its operator. */
function isWatching({ data }: ConfigMap): boolean {
  return Object.entries(data ?? {}).some(
    ([key, text]) => (key.endsWith('.json') && String(text).includes('"panels"')) || /\balert:\s/.test(String(text)),
  );
}

/** Any of its names, as a word of its own. */
function patternOf({ name, workloads }: Application): RegExp {
  const names = [...new Set([name, ...workloads.flatMap(knownNamesOf)])];
  const words = names.map((word) => word.replace(/[^A-Za-z0-9]/g, '\\$&')).join('|');
  return new RegExp(`(?<![A-Za-z0-9-])(?:${words})(?![A-Za-z0-9-])`);
}
