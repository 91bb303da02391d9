import type { SecurityContext } from '../../../core/objects.ts';
import type { Workload, WorkloadContainer } from '../../../kubernetes/workload.ts';
import { type Breach, isWindows } from './breach.ts';

/** A rule that the pod can keep for all its containers, and that each container can keep or break for itself. */
interface SharedRule {
  readonly path: readonly string[];
  readonly read: (context: SecurityContext | undefined | null) => unknown;
  readonly allows: (value: unknown) => boolean;
  readonly message: string;
  readonly expected: string;
  /** What is written where nobody speaks. */
  readonly mendedBy?: string;
}

const RUN_AS_NON_ROOT: SharedRule = {
  path: ['runAsNonRoot'],
  read: (context) => context?.runAsNonRoot,
  allows: (value) => value === true,
  message: 'Nothing keeps it from running as root.',
  expected: 'runAsNonRoot true',
};

const SECCOMP: SharedRule = {
  path: ['seccompProfile', 'type'],
  read: (context) => context?.seccompProfile?.type,
  allows: (value) => value === 'RuntimeDefault' || value === 'Localhost',
  message: 'System calls are not filtered.',
  expected: 'seccompProfile.type RuntimeDefault or Localhost',
  mendedBy: 'RuntimeDefault',
};

/** One breach on the pod where neither it nor any container speaks, else one for each container that is not covered. */
export function breachesOfIdentity(workload: Workload, containers: readonly WorkloadContainer[]): readonly Breach[] {
  const rules = isWindows(workload.spec) ? [RUN_AS_NON_ROOT] : [RUN_AS_NON_ROOT, SECCOMP];
  return rules.flatMap((rule) => breachesOf(rule, workload, containers));
}

function breachesOf(
  { path, read, allows, message, expected, mendedBy }: SharedRule,
  { resource, spec, specPath }: Workload,
  containers: readonly WorkloadContainer[],
): readonly Breach[] {
  const name = path.join('.');
  const breach = (subject: string, at: readonly (string | number)[], value: unknown): Breach => ({
    subject,
    at: [...at, 'securityContext', ...path],
    message,
    observed: value == null ? `no ${name}` : `${name} ${String(value)}`,
    expected,
    ...(mendedBy === undefined || value != null
      ? {}
      : { change: { do: 'set', path: [...at, 'securityContext', ...path], value: mendedBy } }),
  });
  const ofPod = read(spec.securityContext);
  const own = containers.map((container) => ({ container, value: read(container.container.securityContext) }));
  if (!allows(ofPod) && own.every(({ value }) => value == null)) return [breach(resource.ref, specPath, ofPod)];
  return own
    .filter(({ value }) => !allows(value ?? ofPod))
    .map(({ container, value }) => breach(container.subject, container.path, value ?? ofPod));
}
