import type { Severity } from '../../core/check.ts';
import type { Facts } from '../../core/facts.ts';
import type { Path } from '../../core/location.ts';
import type { LabelSelector, Monitor, StatefulSet } from '../../core/objects.ts';
import type { Resource } from '../../core/resource.ts';
import { matchesSelector, sameNamespace } from '../label-selector.ts';
import { memoizeByArray } from '../memoize.ts';
import { workloadsNear } from '../near.ts';
import { WORKLOAD_FACTS, type Workload, workloadsOf } from '../workload.ts';
import { findByName } from './by-name.ts';
import { claimsOf } from './claims.ts';

export const EDGE_FACTS = [
  ...WORKLOAD_FACTS,
  'services',
  'persistentVolumeClaims',
  'podDisruptionBudgets',
  'networkPolicies',
  'serviceMonitors',
  'podMonitors',
  'gateways',
  'httpRoutes',
] as const;
export type EdgeFacts = Pick<Facts, (typeof EDGE_FACTS)[number]>;

/** A name or a selector of one object, and what it leads to. */
export interface Edge {
  readonly from: Resource;
  readonly path: Path;
  /** What is named: `PersistentVolumeClaim data`, `pods app=qna`. */
  readonly target: string;
  /** What was found there; undefined where nothing was. */
  readonly found: string | undefined;
  readonly severity: Severity;
  /** What comes of it, where nothing was found. */
  readonly consequence: string;
}

/** Labels that controllers give to the pods that they make: nobody writes those pods. */
const OF_A_CONTROLLER =
  /^(?:cnpg\.io|acme\.cert-manager\.io|postgres-operator\.crunchydata\.com|stolon|batch\.kubernetes\.io)\//;

/** Every edge between objects that no other check follows. */
export function edgesOf(facts: EdgeFacts): readonly Edge[] {
  const workloads = workloadsOf(facts);
  const [services, pods] = [serviceTargets(facts), podTargets(workloads)];
  return [
    ...workloads.flatMap((workload) => claimEdges(workload, facts)),
    ...facts.statefulSets.flatMap((resource) => serviceEdge(resource, facts)),
    ...facts.podDisruptionBudgets.map((resource) =>
      podEdge(resource, ['spec', 'selector'], resource.object.spec?.selector, workloads, 'The budget protects no pod.'),
    ),
    ...facts.networkPolicies.map((resource) =>
      podEdge(
        resource,
        ['spec', 'podSelector'],
        resource.object.spec?.podSelector ?? {},
        workloads,
        'The policy isolates no pod.',
      ),
    ),
    ...facts.serviceMonitors.map((resource) => monitorEdge(resource, services)),
    ...facts.podMonitors.map((resource) => monitorEdge(resource, pods)),
    ...facts.httpRoutes.flatMap((resource) => gatewayEdges(resource, facts)),
  ];
}

function claimEdges(workload: Workload, { persistentVolumeClaims }: EdgeFacts): readonly Edge[] {
  return claimsOf(workload).flatMap(({ claimName, path }): readonly Edge[] =>
    claimName === undefined
      ? []
      : [
          {
            from: workload.resource,
            path,
            target: `PersistentVolumeClaim ${claimName}`,
            found: findByName(persistentVolumeClaims, claimName, workload.resource.object)?.ref,
            severity: 'error',
            consequence: `The claim ${claimName} does not exist, so the pod waits for it for ever.`,
          },
        ],
  );
}

function serviceEdge(from: Resource<StatefulSet>, { services }: EdgeFacts): readonly Edge[] {
  const name = from.object.spec?.serviceName;
  if (name === undefined || name === '') return [];
  return [
    {
      from,
      path: ['spec', 'serviceName'],
      target: `Service ${name}`,
      found: findByName(services, name, from.object)?.ref,
      severity: 'error',
      consequence: `The Service ${name} does not exist, so its pods have no names of their own.`,
    },
  ];
}

function podEdge(
  from: Resource,
  path: Path,
  selector: LabelSelector | undefined,
  workloads: readonly Workload[],
  consequence: string,
): Edge {
  const near = workloadsNear(workloads, from.object);
  const found = isEmpty(selector)
    ? 'every pod'
    : Object.keys(selector?.matchLabels ?? {}).some((key) => OF_A_CONTROLLER.test(key))
      ? 'pods that a controller makes'
      : labelledLike(selector, byLabel(near), near).find(
          ({ resource, template }) =>
            sameNamespace(resource.object, from.object) && matchesSelector(selector, template.metadata?.labels),
        )?.resource.ref;
  return { from, path, target: `pods ${toldSelector(selector)}`, found, severity: 'warning', consequence };
}

/** Something that a monitor can select, with the names of its ports. */
interface ScrapeTarget {
  readonly resource: Resource;
  readonly labels: Readonly<Record<string, string>>;
  readonly ports: readonly (string | undefined)[];
}

function serviceTargets({ services }: EdgeFacts): readonly ScrapeTarget[] {
  return services.map((resource) => ({
    resource,
    labels: resource.object.metadata?.labels ?? {},
    ports: (resource.object.spec?.ports ?? []).map(({ name }) => name),
  }));
}

function podTargets(workloads: readonly Workload[]): readonly ScrapeTarget[] {
  return workloads.map(({ resource, template, spec }) => ({
    resource,
    labels: template.metadata?.labels ?? {},
    ports: (spec.containers ?? []).flatMap(({ ports }) => (ports ?? []).map(({ name }) => name)),
  }));
}

function monitorEdge(from: Resource<Monitor>, targets: readonly ScrapeTarget[]): Edge {
  const { selector, namespaceSelector, endpoints, podMetricsEndpoints } = from.object.spec ?? {};
  const isElsewhere = namespaceSelector?.any === true || (namespaceSelector?.matchNames ?? []).length > 0;
  const selected = labelledLike(selector, targetsByLabel(targets), targets).filter(
    ({ resource, labels }) =>
      (isElsewhere || sameNamespace(resource.object, from.object)) &&
      (isEmpty(selector) || matchesSelector(selector, labels)),
  );
  const ports = [...(endpoints ?? []), ...(podMetricsEndpoints ?? [])].flatMap(({ port }) => port ?? []);
  const lacking = ports.find((port) => !selected.some((target) => target.ports.includes(port)));
  const base = { from, path: ['spec', 'selector'], target: `targets ${toldSelector(selector)}` };
  if (selected.length === 0)
    return {
      ...base,
      found: undefined,
      // What lies in other namespaces may be no part of the input.
      severity: isElsewhere ? 'note' : 'warning',
      consequence: 'The monitor selects nothing.',
    };
  if (lacking !== undefined)
    return {
      ...base,
      target: `the port ${lacking}`,
      found: undefined,
      severity: 'warning',
      consequence: `Nothing that the monitor selects has a port ${lacking}.`,
    };
  return { ...base, found: selected[0]?.resource.ref, severity: 'warning', consequence: '' };
}

function gatewayEdges(
  from: Resource<EdgeFacts['httpRoutes'][number]['object']>,
  { gateways }: EdgeFacts,
): readonly Edge[] {
  return (from.object.spec?.parentRefs ?? []).flatMap(
    ({ name = '', namespace, kind = 'Gateway' }, index): readonly Edge[] => {
      if (kind !== 'Gateway') return [];
      const beside = namespace === undefined ? from.object : { metadata: { namespace } };
      return [
        {
          from,
          path: ['spec', 'parentRefs', index, 'name'],
          target: `Gateway ${name}`,
          found: findByName(gateways, name, beside)?.ref,
          severity: 'note',
          consequence: `The Gateway ${name} is not here; unless somebody else has it, the route leads nowhere.`,
        },
      ];
    },
  );
}

/** Those with one pair of labels that a selector wants, which are few; all of them where it wants none in particular. */
function labelledLike<T>(
  selector: LabelSelector | undefined,
  index: ReadonlyMap<string, readonly T[]>,
  all: readonly T[],
): readonly T[] {
  const pair = Object.entries(selector?.matchLabels ?? {}).at(-1);
  return pair === undefined ? all : (index.get(pair.join('=')) ?? []);
}

const byLabel = memoizeByArray((workloads: readonly Workload[]) =>
  indexByLabel(workloads, ({ template }) => template.metadata?.labels),
);
const targetsByLabel = memoizeByArray((targets: readonly ScrapeTarget[]) =>
  indexByLabel(targets, ({ labels }) => labels),
);

function indexByLabel<T>(
  items: readonly T[],
  labelsOf: (item: T) => Readonly<Record<string, string>> | undefined,
): ReadonlyMap<string, readonly T[]> {
  const index = new Map<string, T[]>();
  for (const item of items)
    for (const pair of Object.entries(labelsOf(item) ?? {}).map((entry) => entry.join('='))) {
      const group = index.get(pair);
      if (group === undefined) index.set(pair, [item]);
      else group.push(item);
    }
  return index;
}

function isEmpty(selector: LabelSelector | undefined): boolean {
  return (
    selector !== undefined &&
    Object.keys(selector.matchLabels ?? {}).length === 0 &&
    (selector.matchExpressions ?? []).length === 0
  );
}

/** `app=qna,tier in (a,b)`. */
function toldSelector({ matchLabels = {}, matchExpressions = [] }: LabelSelector = {}): string {
  const told = [
    ...Object.entries(matchLabels).map(([key, value]) => `${key}=${value}`),
    ...matchExpressions.map(
      ({ key, operator, values }) => `${key} ${operator}${values === undefined ? '' : ` (${values.join(',')})`}`,
    ),
  ];
  return told.length === 0 ? 'without a selector' : told.join(',');
}
