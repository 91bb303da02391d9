import type { Verdict } from '../../../core/check.ts';
import { defineCheck } from '../../../core/check.ts';
import type { Path } from '../../../core/location.ts';
import type { Deployment, Probe } from '../../../core/objects.ts';
import type { Settings } from '../../../core/settings.ts';
import { ROLE_FACTS } from '../../../kubernetes/roles.ts';
import { containersOf, type Workload, type WorkloadContainer } from '../../../kubernetes/workload.ts';
import { orNotApplicable } from '../../verdicts.ts';
import { describeProbe } from '../describe-probe.ts';
import { servingContainers } from '../serving-containers.ts';
import { purposeOf } from './health-paths.ts';

const FIELDS = ['startupProbe', 'livenessProbe', 'readinessProbe'] as const;
type Field = (typeof FIELDS)[number];

export const portAndPathCheck = defineCheck({
  id: 'probes/port-and-path',
  title: 'Each probe asks a port and a path that the service has',
  severity: 'error',
  why: 'A probe that asks the wrong port never succeeds: the pod never becomes ready, or is restarted for ever. A probe that asks the wrong path measures something else than it is read as.',
  how: 'A named port is declared by the same container, since the kubelet looks nowhere else; a number is declared by some container of the pod, where any is declared, and a number that is not is a warning, because a port may listen without being declared. An httpGet asks the path that the configuration declares or another known health path, and the liveness probe does not ask the readiness path; a path of another kind is a warning, unless the cluster says that every replica of the newest template is ready, for then the service has that path, and it is more than the root.',
  fix: 'Write the name of the container port in the probe, and the path that the service really serves; declare other paths in the configuration.',
  verify:
    'kubectl get deployment NAME -o jsonpath=\'{range .spec.template.spec.containers[*]}{.ports}{"\\n"}{.livenessProbe.httpGet}{.readinessProbe.httpGet}{"\\n"}{end}\'',
  references: [
    'https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/#use-a-named-port',
    'https://kubernetes.io/docs/reference/using-api/health-checks/',
  ],
  needs: ROLE_FACTS,
  evaluate: (facts, settings) =>
    orNotApplicable(
      servingContainers(facts, settings).flatMap((serving) =>
        FIELDS.flatMap((field): readonly Verdict[] => {
          const probe = serving.container[field];
          return probe == null ? [] : judge(field, probe, serving, settings);
        }),
      ),
      'No container that takes traffic has a probe.',
    ),
});

function judge(field: Field, probe: Probe, serving: WorkloadContainer, { paths }: Settings): readonly Verdict[] {
  const { locate } = serving.workload.resource;
  const subject = `${serving.subject} ${field}`;
  const faults = [portFault(probe, serving), pathFault(field, probe, serving, paths)].filter(
    (fault) => fault !== undefined,
  );
  if (faults.length === 0)
    return [
      {
        outcome: 'pass',
        subject,
        message: 'The probe asks what the container serves.',
        where: locate([...serving.path, field]),
        observed: describeProbe(probe),
      },
    ];
  return faults.map(({ at, ...fault }) => ({
    outcome: 'fail',
    subject,
    where: locate([...serving.path, field, ...at]),
    ...fault,
  }));
}

type Fault = Pick<Verdict, 'message' | 'severity'> & {
  readonly at: Path;
  readonly observed: string;
  readonly expected: string;
};

function portFault(probe: Probe, serving: WorkloadContainer): Fault | undefined {
  const handler = probe.httpGet != null ? 'httpGet' : probe.tcpSocket != null ? 'tcpSocket' : 'grpc';
  const port = probe[handler]?.port;
  if (port === undefined) return undefined;
  const own = serving.container.ports ?? [];
  const inPod = containersOf(serving.workload).flatMap(({ container }) => container.ports ?? []);
  const listed = own.map(({ name, containerPort }) =>
    name === undefined ? `${containerPort}` : `${name} ${containerPort}`,
  );
  const expected = listed.length > 0 ? `one of ${listed.join(', ')}` : 'a port that the container declares';
  const at = [handler, 'port'];
  if (typeof port === 'string' && !/^\d+$/.test(port))
    return own.some(({ name }) => name === port)
      ? undefined
      : { at, message: `The container declares no port named ${port}.`, observed: `port ${port}`, expected };
  return inPod.length === 0 || inPod.some(({ containerPort }) => containerPort === Number(port))
    ? undefined
    : {
        at,
        severity: 'warning',
        message: `No container of the pod declares the port ${port}.`,
        observed: `port ${port}`,
        expected,
      };
}

function pathFault(
  field: Field,
  { httpGet }: Probe,
  { workload }: WorkloadContainer,
  paths: Settings['paths'],
): Fault | undefined {
  if (httpGet == null) return undefined;
  const path = httpGet.path ?? '/';
  const purpose = purposeOf(path, paths);
  const at = ['httpGet', 'path'];
  if (purpose === undefined && path !== '/' && allReady(workload)) return undefined;
  if (purpose === undefined)
    return {
      at,
      severity: 'warning',
      message: 'The path is neither declared nor a known health path.',
      observed: `path ${path}`,
      expected: field === 'readinessProbe' ? paths.ready : paths.live,
    };
  const wrong = field === 'livenessProbe' ? 'ready' : field === 'readinessProbe' ? 'live' : undefined;
  if (purpose !== wrong) return undefined;
  return {
    at,
    severity: 'warning',
    message:
      field === 'livenessProbe'
        ? 'The liveness probe asks the readiness endpoint, so an outage of a dependency restarts the pod.'
        : 'The readiness probe asks the liveness endpoint, which says nothing about dependencies.',
    observed: `path ${path}`,
    expected: field === 'livenessProbe' ? paths.live : paths.ready,
  };
}

/** Whether the API server says that every replica is of the newest template and ready, so each probe was answered. */
function allReady({ resource }: Workload): boolean {
  const { metadata, spec, status } = resource.object as Deployment;
  const wanted = spec?.replicas ?? 1;
  return (
    wanted > 0 &&
    status?.observedGeneration === metadata?.generation &&
    status?.updatedReplicas === wanted &&
    status?.readyReplicas === wanted
  );
}
