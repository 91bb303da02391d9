import type { Snapshot } from '../core/facts.ts';
import type { ReportFinding } from '../core/report.ts';
import type { Resource } from '../core/resource.ts';
import type { Settings } from '../core/settings.ts';
import { sameNamespace } from '../kubernetes/label-selector.ts';
import { playing, ROLE_FACTS, rolesOf } from '../kubernetes/roles.ts';
import { type Application, applicationsOf } from '../kubernetes/scope/applications.ts';
import { type ScopeView, viewOf } from '../kubernetes/scope/scope-facts.ts';
import { hostsOf, scopesOf } from '../kubernetes/scope/scope-of.ts';
import { workloadsOf } from '../kubernetes/workload.ts';
import {
  type AbsentApplication,
  type ApplicationChoice,
  absentIn,
  choose,
  type Found,
  isChosen,
  type Views,
} from './choose-applications.ts';

/** What has to be observed to know what belongs to an application, beside what its checks need. */
export const APPLICATION_FACTS = [...ROLE_FACTS, 'ingresses', 'httpRoutes', 'configMaps', 'pods'] as const;

/** An application with what belongs to it in each snapshot that it was found in. */
export interface ScopedApplication extends Application {
  /** Set where a run has several clusters. */
  readonly context?: string;
  readonly parts: ReadonlyMap<Snapshot, ReadonlySet<Resource>>;
  readonly hosts: ReadonlySet<string>;
}

export interface Attribution {
  readonly applications: readonly ScopedApplication[];
  /** A person has chosen them, and the report is about nothing else. */
  readonly chosen: boolean;
  /** The applications that a finding belongs to. What speaks of no object, such as what nobody could see, belongs to each. */
  ownersOf(finding: ReportFinding): readonly ScopedApplication[];
  /** Where a chosen application is in one snapshot, and not in another. */
  readonly absent: readonly AbsentApplication[];
}

/**
 * Finds the applications of a run: the chosen ones, or all that have a service where there are several. Verdicts are not touched:
 * they were given over everything, and are only told by whom they concern.
 */
export function attribute(
  snapshots: readonly Snapshot[],
  settings: Settings,
  choice: ApplicationChoice,
): Attribution | undefined {
  const chosen = isChosen(choice);
  const views = new Map(
    snapshots.filter(({ source }) => source !== 'endpoint').map((snapshot) => [snapshot, viewOf(snapshot)] as const),
  );
  const found = chosen
    ? choose(views, choice)
    : new Map([...views].map(([snapshot, view]) => [snapshot, servicesIn(snapshot, view, settings)]));
  const applications = joined(views, found, settings);
  if (!chosen && applications.length < 2) return undefined;
  return {
    applications,
    chosen,
    ownersOf: owners(applications, views, snapshots, chosen),
    absent: absentIn(views, found, choice),
  };
}

/** The applications that have a workload which takes traffic. */
function servicesIn({ facts }: Snapshot, view: ScopeView, settings: Settings): readonly Application[] {
  if (ROLE_FACTS.some((name) => facts[name]?.seen !== true)) return [];
  const services = new Set(playing('service', rolesOf(view.facts, settings)).map(({ resource }) => resource));
  return applicationsOf(workloadsOf(view.facts)).filter(({ workloads }) =>
    workloads.some(({ resource }) => services.has(resource)),
  );
}

/** One application from what each snapshot has of it: files and a cluster tell of the same one. */
function joined(views: Views, found: Found, settings: Settings): readonly ScopedApplication[] {
  const scoped = [...found].flatMap(([snapshot, applications]) => {
    const view = views.get(snapshot);
    if (view === undefined) return [];
    return [...scopesOf(applications, view, settings)].map(
      ([application, scope]): ScopedApplication => ({
        ...application,
        ...(snapshot.label === undefined ? {} : { context: snapshot.label }),
        parts: new Map([[snapshot, scope]]),
        hosts: hostsOf(scope),
      }),
    );
  });
  const written = scoped.filter((application) => isOfFiles(application));
  const live = scoped.filter((application) => !isOfFiles(application));
  const alone = written.filter((one) => !live.some((other) => areOne(one, other)));
  return [
    ...alone,
    ...live.map((application) =>
      together(
        application,
        written.filter((one) => areOne(one, application)),
      ),
    ),
  ];
}

function together(application: ScopedApplication, written: readonly ScopedApplication[]): ScopedApplication {
  const all = [application, ...written];
  return {
    ...application,
    workloads: all.flatMap(({ workloads }) => workloads),
    parts: new Map(all.flatMap(({ parts }) => [...parts])),
    hosts: new Set(all.flatMap(({ hosts }) => [...hosts])),
  };
}

function isOfFiles({ parts }: ScopedApplication): boolean {
  return [...parts.keys()].every(({ source }) => source === 'files');
}

function areOne(a: ScopedApplication, b: ScopedApplication): boolean {
  return a.name === b.name && sameNamespace(placeOf(a), placeOf(b));
}

function placeOf({ namespace }: ScopedApplication) {
  return namespace === undefined ? {} : { metadata: { namespace } };
}

function owners(
  applications: readonly ScopedApplication[],
  views: Views,
  snapshots: readonly Snapshot[],
  chosen: boolean,
): Attribution['ownersOf'] {
  const byObject = new Map<Resource, ScopedApplication[]>();
  const bySnapshot = new Map<Snapshot, ScopedApplication[]>();
  for (const application of applications)
    for (const [snapshot, scope] of application.parts) {
      push(bySnapshot, snapshot, application);
      for (const resource of scope) push(byObject, resource, application);
    }
  const bySource = Map.groupBy(snapshots, ({ source }) => source);
  const labelled = new Set(snapshots.filter(({ label }) => label !== undefined).map(({ source }) => source));
  // Many findings speak of one object, each with the same subject.
  const refs = new Map(snapshots.map((snapshot) => [snapshot, new Map<string, string>()]));
  return (finding) => {
    const sameSource = bySource.get(finding.source) ?? [];
    const origins = labelled.has(finding.source)
      ? sameSource.filter(({ label }) => label === undefined || finding.subject.startsWith(`${label}: `))
      : sameSource;
    const [origin] = origins;
    if (finding.source === 'endpoint') {
      const host = hostOf(origin?.target);
      return chosen ? applications : applications.filter(({ hosts }) => host !== undefined && hosts.has(host));
    }
    for (const snapshot of origins.length === 0 ? snapshots : origins) {
      const resources = objectsOf(finding, snapshot, views.get(snapshot), refs.get(snapshot) ?? new Map());
      const [resource, ...more] = resources;
      // Nearly every finding is about one object; there are a hundred thousand.
      if (resource !== undefined && more.length === 0) return byObject.get(resource) ?? [];
      if (resource !== undefined) return [...new Set(resources.flatMap((one) => byObject.get(one) ?? []))];
    }
    // A cluster in which none of them was seen leaves all of them open.
    return (origins.length === 1 && origin !== undefined ? bySnapshot.get(origin) : undefined) ?? applications;
  };
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [value]);
  else known.push(value);
}

/**
 * The objects that a finding is about: its subject begins with the object's name; else the object that it points at. `refs` keeps the
 * name in each subject of this snapshot.
 */
function objectsOf(
  { subject, where }: ReportFinding,
  { label }: Snapshot,
  view: ScopeView | undefined,
  refs: Map<string, string>,
): readonly Resource[] {
  if (view === undefined) return [];
  let ref = refs.get(subject);
  if (ref === undefined) {
    ref = firstWords(label === undefined ? subject : subject.slice(label.length + 2));
    refs.set(subject, ref);
  }
  const named = view.byRef.get(ref);
  if (named !== undefined || where === undefined || !('object' in where)) return named ?? [];
  return view.byRef.get(firstWords(where.object)) ?? [];
}

/** `Deployment prod/qna` of `Deployment prod/qna container api`. */
function firstWords(text: string): string {
  const end = text.indexOf(' ', text.indexOf(' ') + 1);
  return end === -1 ? text : text.slice(0, end);
}

function hostOf(url: string | undefined): string | undefined {
  const host = URL.parse(url ?? '')?.hostname;
  return host === '' ? undefined : host;
}
