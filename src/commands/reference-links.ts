import { madeByRecipe } from '../checks/secrets/made-by-recipe.ts';
import type { Snapshot } from '../core/facts.ts';
import type { KubernetesObject } from '../core/objects.ts';
import type { GraphState } from '../core/reference-graph.ts';
import type { Resource } from '../core/resource.ts';
import { certificatesUsed } from '../kubernetes/edge.ts';
import { KINDS } from '../kubernetes/kinds.ts';
import { claimsOf } from '../kubernetes/references/claims.ts';
import { edgesOf } from '../kubernetes/references/edges.ts';
import { referencesOf } from '../kubernetes/references/settings.ts';
import { serviceMeantFor } from '../kubernetes/roles.ts';
import type { ScopeView } from '../kubernetes/scope/scope-facts.ts';
import { servicesInFrontOf } from '../kubernetes/services-in-front.ts';
import { type Workload, workloadsOf } from '../kubernetes/workload.ts';

/** One reference of an object that is there to one that is, or to one that is not. */
export interface ReferenceLink {
  readonly from: Resource;
  /** The object; where there is none, what was looked for: `Secret prod/qna`, `pods app=qna`. */
  readonly to: Resource | string;
  readonly kind: string;
  readonly state: GraphState;
}

/** Every reference between the objects of a snapshot that somebody can break: by a name, or by the labels that a selector wants. */
export function referenceLinksOf(snapshot: Snapshot, view: ScopeView): readonly ReferenceLink[] {
  const look = lookIn(snapshot, view);
  const workloads = workloadsOf(view.facts);
  return unique([
    ...workloads.flatMap((workload) => linksOfWorkload(workload, view, look)),
    ...linksToPods(workloads, view),
    ...linksOfRoutes(view, look),
    ...linksOfAutoscalers(view, look),
    ...linksOfSelectors(snapshot, view),
  ]);
}

type Look = (from: Resource, kind: string, name: string, verb: string, beside?: KubernetesObject) => ReferenceLink;

/** Follows a name. What was not found is only missing where all of its kind and namespace were seen. */
function lookIn(snapshot: Snapshot, view: ScopeView): Look {
  const namespaces = new Set(
    [...view.byRef.values()].flatMap((resources) => resources.map(({ object }) => object.metadata?.namespace)),
  );
  return (from, kind, name, verb, beside = from.object) => {
    const found = view.find(kind, name, beside);
    if (found !== undefined) return { from, to: found, kind: verb, state: 'there' };
    const namespace = beside.metadata?.namespace;
    const to = `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
    const known = isWholeKind(snapshot, kind) && (namespace === undefined || namespaces.has(namespace));
    return { from, to, kind: verb, state: known ? 'missing' : 'unknown' };
  };
}

function isWholeKind({ facts }: Snapshot, kind: string): boolean {
  const own = KINDS.filter((each) => each.kind === kind).map(({ fact }) => facts[fact]);
  return own.length > 0 && own.every((observed) => observed?.seen === true && observed.incomplete === undefined);
}

function linksOfWorkload(workload: Workload, view: ScopeView, look: Look): readonly ReferenceLink[] {
  const { resource, spec } = workload;
  const settings = referencesOf(workload).flatMap(({ kind, name, optional }) => {
    const link = look(resource, kind, name, 'reads');
    if (link.state === 'there') return [link];
    if (kind === 'Secret' && madeByRecipe(name, workload, view.facts) !== undefined)
      return [{ ...link, state: 'there' as const }];
    return optional ? [] : [link];
  });
  const account = spec.serviceAccountName;
  return [
    ...settings,
    ...claimsOf(workload).flatMap(({ claimName }) =>
      claimName === undefined ? [] : [look(resource, 'PersistentVolumeClaim', claimName, 'mounts')],
    ),
    ...(account === undefined || account === 'default' ? [] : [look(resource, 'ServiceAccount', account, 'runs as')]),
  ];
}

/** The Services that select a workload, and each that was meant to and misses it. */
function linksToPods(workloads: readonly Workload[], { facts }: ScopeView): readonly ReferenceLink[] {
  return workloads.flatMap((workload): readonly ReferenceLink[] => {
    const selecting = servicesInFrontOf(workload, facts.services);
    if (selecting.length > 0)
      return selecting.map((from) => ({ from, to: workload.resource, kind: 'selects', state: 'there' }));
    const meant = workload.serves ? serviceMeantFor(workload, facts) : undefined;
    return meant === undefined
      ? []
      : [{ from: meant, to: workload.resource, kind: 'was meant to select', state: 'missing' }];
  });
}

function linksOfRoutes({ facts, linksTo }: ScopeView, look: Look): readonly ReferenceLink[] {
  const certificates = certificatesUsed(facts.ingresses, facts.gateways).map(({ resource, secretName, namespace }) => {
    const link = look(
      resource,
      'Secret',
      secretName,
      'takes its certificate from',
      namespace === undefined ? undefined : { kind: '', metadata: { namespace } },
    );
    // A controller makes it of what a file says, so that only a cluster can lack it.
    return link.state === 'missing' && 'file' in resource.locate([]) ? { ...link, state: 'unknown' as const } : link;
  });
  const backends = [...linksTo.values()]
    .flat()
    .map(({ resource, name, namespace }) =>
      look(
        resource,
        'Service',
        name,
        'leads to',
        namespace === undefined ? undefined : { kind: '', metadata: { namespace } },
      ),
    );
  return [...backends, ...certificates];
}

function linksOfAutoscalers({ facts }: ScopeView, look: Look): readonly ReferenceLink[] {
  return facts.horizontalPodAutoscalers.flatMap((resource) => {
    const { kind, name } = resource.object.spec?.scaleTargetRef ?? {};
    return kind === undefined || name === undefined ? [] : [look(resource, kind, name, 'scales')];
  });
}

const SELECTING: Readonly<Record<string, string>> = {
  StatefulSet: 'takes its names from',
  PodDisruptionBudget: 'protects',
  NetworkPolicy: 'isolates',
  ServiceMonitor: 'scrapes',
  PodMonitor: 'scrapes',
  HTTPRoute: 'hangs on',
};

/** What `reference/dangling` judges, but the claims, which every workload names itself. */
function linksOfSelectors(snapshot: Snapshot, view: ScopeView): readonly ReferenceLink[] {
  return edgesOf(view.facts).flatMap(({ from, target, found, severity }): readonly ReferenceLink[] => {
    const kind = SELECTING[from.object.kind];
    if (kind === undefined || target.startsWith('PersistentVolumeClaim ')) return [];
    if (found !== undefined)
      return [
        { from, to: view.byRef.get(found)?.[0] ?? found.replace('every pod', 'pods (all)'), kind, state: 'there' },
      ];
    const sought = target.startsWith('Service ') ? 'Service' : target.startsWith('Gateway ') ? 'Gateway' : undefined;
    // A note says that somebody else may have it.
    const known = severity !== 'note' && (sought === undefined || isWholeKind(snapshot, sought));
    return [{ from, to: inNamespace(target, from), kind, state: known ? 'missing' : 'unknown' }];
  });
}

/** A Service is always meant beside the object; what a selector seeks has no name. */
function inNamespace(target: string, { object }: Resource): string {
  const namespace = object.metadata?.namespace;
  return namespace === undefined
    ? target.replace(/^the /, '')
    : target.replace(/^the |^Service (?=[^/]*$)/, (start) => (start === 'the ' ? '' : `Service ${namespace}/`));
}

function unique(links: readonly ReferenceLink[]): readonly ReferenceLink[] {
  const keyOf = ({ from, to, kind }: ReferenceLink) => `${from.ref}\n${typeof to === 'string' ? to : to.ref}\n${kind}`;
  return [...new Map(links.map((link) => [keyOf(link), link])).values()];
}
