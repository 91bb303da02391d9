import type { Facts } from '../core/facts.ts';
import type { Path } from '../core/location.ts';
import type { Container, CronJob, Job, KubernetesObject, PodSpec, PodTemplateSpec } from '../core/objects.ts';
import type { Resource } from '../core/resource.ts';

/** The facts that hold pod templates. A check that judges pods names all of them in its needs. */
export const WORKLOAD_FACTS = ['deployments', 'statefulSets', 'daemonSets', 'jobs', 'cronJobs', 'barePods'] as const;
export type WorkloadFacts = Pick<Facts, (typeof WORKLOAD_FACTS)[number]>;

/** Anything that runs pods, with the way to its pod spec. */
export interface Workload {
  readonly resource: Resource;
  readonly kind: string;
  readonly name: string;
  readonly template: PodTemplateSpec;
  readonly spec: PodSpec;
  /** From the object to the pod spec. */
  readonly specPath: Path;
  /** Runs until it is told to stop; a Job or CronJob does not. */
  readonly serves: boolean;
}

/** A container of a workload, with the way to it. */
export interface WorkloadContainer {
  readonly workload: Workload;
  readonly container: Container;
  readonly path: Path;
  readonly role: 'main' | 'init' | 'sidecar';
  /** `Deployment prod/qna container api`. */
  readonly subject: string;
}

export function workloadsOf(facts: WorkloadFacts): readonly Workload[] {
  const known = KEPT.get(facts.deployments);
  if (known !== undefined && WORKLOAD_FACTS.every((name) => known.facts[name] === facts[name])) return known.workloads;
  const workloads = workloadsIn(facts);
  KEPT.set(facts.deployments, { facts, workloads });
  return workloads;
}

/** Facts are the same arrays in every check of a run, and most checks begin with the workloads. */
const KEPT = new WeakMap<
  WorkloadFacts['deployments'],
  { readonly facts: WorkloadFacts; readonly workloads: readonly Workload[] }
>();

function workloadsIn(facts: WorkloadFacts): readonly Workload[] {
  return [
    ...[...facts.deployments, ...facts.statefulSets, ...facts.daemonSets].map((resource) =>
      toWorkload(resource, resource.object.spec?.template, ['spec', 'template', 'spec'], true),
    ),
    // A CronJob's own Jobs say nothing that the CronJob does not.
    ...facts.jobs.filter(isStandalone).map((resource) => jobOf(resource)),
    ...facts.cronJobs.map((resource) => cronJobOf(resource)),
    ...facts.barePods.filter(isStandalone).map((resource) =>
      toWorkload(
        resource,
        {
          ...(resource.object.metadata ? { metadata: resource.object.metadata } : {}),
          spec: resource.object.spec ?? {},
        },
        ['spec'],
        resource.object.spec?.restartPolicy !== 'Never' && resource.object.spec?.restartPolicy !== 'OnFailure',
      ),
    ),
  ];
}

/** Main containers first, then init containers and sidecars. */
export function containersOf(workload: Workload): readonly WorkloadContainer[] {
  const known = CONTAINERS.get(workload);
  if (known !== undefined) return known;
  const containers = containersIn(workload);
  CONTAINERS.set(workload, containers);
  return containers;
}

const CONTAINERS = new WeakMap<Workload, readonly WorkloadContainer[]>();

function containersIn(workload: Workload): readonly WorkloadContainer[] {
  const { spec, specPath } = workload;
  return [
    ...(spec.containers ?? []).map((container, index) =>
      toContainer(workload, container, [...specPath, 'containers', index], 'main'),
    ),
    ...(spec.initContainers ?? []).map((container, index) =>
      toContainer(
        workload,
        container,
        [...specPath, 'initContainers', index],
        container.restartPolicy === 'Always' ? 'sidecar' : 'init',
      ),
    ),
  ];
}

function jobOf(resource: Resource<Job>): Workload {
  return toWorkload(resource, resource.object.spec?.template, ['spec', 'template', 'spec'], false);
}

function cronJobOf(resource: Resource<CronJob>): Workload {
  return toWorkload(
    resource,
    resource.object.spec?.jobTemplate?.spec?.template,
    ['spec', 'jobTemplate', 'spec', 'template', 'spec'],
    false,
  );
}

function toWorkload(
  resource: Resource,
  template: PodTemplateSpec | undefined,
  specPath: Path,
  serves: boolean,
): Workload {
  return {
    resource,
    kind: resource.object.kind,
    name: resource.object.metadata?.name ?? '',
    template: template ?? {},
    spec: template?.spec ?? {},
    specPath,
    serves,
  };
}

function toContainer(
  workload: Workload,
  container: Container,
  path: Path,
  role: WorkloadContainer['role'],
): WorkloadContainer {
  return {
    workload,
    container,
    path,
    role,
    subject: `${workload.resource.ref} container ${container.name ?? `#${String(path.at(-1))}`}`,
  };
}

function isStandalone({ object }: Resource<KubernetesObject>): boolean {
  return !(object.metadata?.ownerReferences ?? []).some(({ controller }) => controller === true);
}
