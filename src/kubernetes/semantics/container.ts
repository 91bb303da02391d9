import { faultOfLabelKey } from '../names.ts';
import { envFaults } from './environment.ts';
import {
  at,
  duplicates,
  type Faults,
  type Field,
  isSet,
  itemsOf,
  missing,
  numberOf,
  outside,
  refuse,
  setAmong,
  textOf,
  unlessFine,
} from './field.ts';
import { resourceFaults } from './resources.ts';
import { securityFaults } from './security.ts';
import { faultOfBacksteps, faultOfDnsLabel, faultOfPort, faultOfPortName } from './text-rules.ts';

const RESTART_POLICIES = ['Always', 'OnFailure', 'Never'];
const PROBES = ['livenessProbe', 'readinessProbe', 'startupProbe'] as const;
const PROBE_HANDLERS = ['exec', 'httpGet', 'tcpSocket', 'grpc'];
const LIFECYCLE_HANDLERS = ['exec', 'httpGet', 'tcpSocket', 'sleep'];

/** What the rest of the pod means for its containers. */
export interface PodContext {
  /** Names of the volumes that have no fault of their own. */
  readonly volumes: ReadonlySet<string>;
  readonly graceSeconds: number;
  readonly hostNetwork: boolean;
  /** Its users are none of the node's: hostUsers is false. */
  readonly ownsUsers: boolean;
}

/** k8s.io/kubernetes/pkg/apis/core/validation: validateContainers and validateInitContainers. */
export function* containersFaults(spec: Field, pod: PodContext): Faults {
  const containers = itemsOf(at(spec, 'containers'));
  for (const container of containers) {
    yield* containerFaults(container, pod);
    yield* hookFaults(container, pod);
  }
  yield* duplicates(containers, nameOf, (container) => at(container, 'name'));
  yield* hostPortFaults(containers);
  const taken = new Set(containers.map(nameOf));
  for (const container of itemsOf(at(spec, 'initContainers'))) {
    yield* containerFaults(container, pod);
    const name = nameOf(container);
    if (name !== undefined && taken.has(name))
      yield refuse(at(container, 'name'), `${name} is the name of another container`, 'a name of its own');
    taken.add(name);
    yield* hostPortFaults([container]);
    if (textOf(at(container, 'restartPolicy')) === 'Always') yield* hookFaults(container, pod);
    else
      for (const hook of setAmong(container, ['lifecycle', ...PROBES]))
        yield refuse(at(container, hook), 'an init container has none', 'restartPolicy Always, or no such field');
  }
}

function nameOf(container: Field): string | undefined {
  const name = textOf(at(container, 'name'));
  return name === '' ? undefined : name;
}

function* containerFaults(container: Field, pod: PodContext): Faults {
  const name = at(container, 'name');
  if (textOf(name) !== '') yield* unlessFine(name, faultOfDnsLabel(textOf(name)), 'a DNS label');
  const policy = at(container, 'restartPolicy');
  if (isSet(policy) && !RESTART_POLICIES.includes(textOf(policy)))
    yield refuse(policy, 'there is no such policy', RESTART_POLICIES.join(', '));
  const image = at(container, 'image');
  if (textOf(image) === '') yield missing(image, 'the reference of an image');
  yield* portFaults(itemsOf(at(container, 'ports')), pod);
  yield* envFaults(container);
  yield* mountFaults(container, pod);
  yield* resourceFaults(at(container, 'resources'));
  yield* securityFaults(at(container, 'securityContext'), pod.ownsUsers);
}

function* portFaults(ports: readonly Field[], { hostNetwork }: PodContext): Faults {
  for (const port of ports) {
    const number = at(port, 'containerPort');
    if (isSet(number)) yield* unlessFine(number, faultOfPort(number.value), 'from 1 to 65535');
    const host = at(port, 'hostPort');
    if ((numberOf(host) ?? 0) !== 0) {
      yield* unlessFine(host, faultOfPort(host.value), 'from 1 to 65535');
      if (hostNetwork && host.value !== number.value)
        yield refuse(host, 'in the network of the host, hostPort is containerPort', String(number.value));
    }
    const name = at(port, 'name');
    if (textOf(name) !== '')
      yield* unlessFine(name, faultOfPortName(textOf(name)), 'at most 15 lower-case letters, digits and hyphens');
  }
  yield* duplicates(
    ports,
    (port) => textOf(at(port, 'name')) || undefined,
    (port) => at(port, 'name'),
  );
}

/** checkHostPortConflicts. */
function* hostPortFaults(containers: readonly Field[]): Faults {
  yield* duplicates(
    containers.flatMap((container) => itemsOf(at(container, 'ports'))),
    (port) => {
      const host = numberOf(at(port, 'hostPort')) ?? 0;
      if (host === 0) return undefined;
      return `${textOf(at(port, 'protocol')) || 'TCP'} ${textOf(at(port, 'hostIP'))} ${host}`;
    },
    (port) => at(port, 'hostPort'),
  );
}

/** ValidateVolumeMounts. */
function* mountFaults(container: Field, { volumes }: PodContext): Faults {
  const mounts = itemsOf(at(container, 'volumeMounts'));
  for (const mount of mounts) {
    const name = at(mount, 'name');
    if (textOf(name) !== '' && !volumes.has(textOf(name)))
      yield refuse(name, 'the pod has no such volume, or one that is refused', [...volumes].join(', ') || 'a volume');
    const [path, pathExpression] = [at(mount, 'subPath'), at(mount, 'subPathExpr')];
    for (const part of [path, pathExpression])
      if (textOf(part) !== '')
        yield* unlessFine(
          part,
          textOf(part).startsWith('/') ? 'it is not relative' : faultOfBacksteps(textOf(part)),
          'a path below the volume',
        );
    if (textOf(path) !== '' && textOf(pathExpression) !== '')
      yield refuse(pathExpression, 'subPath is there too', 'one of the two');
  }
  yield* duplicates(
    mounts,
    (mount) => textOf(at(mount, 'mountPath')) || undefined,
    (mount) => at(mount, 'mountPath'),
  );
}

/** Probes and hooks, which only containers that keep running have. */
function* hookFaults(container: Field, pod: PodContext): Faults {
  for (const name of PROBES) {
    const probe = at(container, name);
    if (!isSet(probe)) continue;
    yield* handlerFaults(probe, PROBE_HANDLERS);
    for (const field of [
      'initialDelaySeconds',
      'timeoutSeconds',
      'periodSeconds',
      'successThreshold',
      'failureThreshold',
    ])
      yield* outside(at(probe, field), 0, Number.POSITIVE_INFINITY);
    if (name !== 'readinessProbe' && (numberOf(at(probe, 'successThreshold')) ?? 1) > 1)
      yield refuse(at(probe, 'successThreshold'), `a ${name} succeeds at once`, '1');
    const grace = at(probe, 'terminationGracePeriodSeconds');
    if (isSet(grace)) {
      if (name === 'readinessProbe') yield refuse(grace, 'a readinessProbe ends nothing', 'no such field');
      else yield* outside(grace, 1, Number.POSITIVE_INFINITY);
    }
  }
  for (const name of ['postStart', 'preStop']) {
    const hook = at(container, 'lifecycle', name);
    if (!isSet(hook)) continue;
    yield* handlerFaults(hook, LIFECYCLE_HANDLERS);
    const seconds = numberOf(at(hook, 'sleep', 'seconds'));
    if (seconds !== undefined && (seconds < 0 || seconds > pod.graceSeconds))
      yield refuse(at(hook, 'sleep'), `the sleep is ${seconds} s`, `at most the grace period of ${pod.graceSeconds} s`);
  }
}

/** validateHandler: exactly one, and its port. */
function* handlerFaults(handler: Field, kinds: readonly string[]): Faults {
  const [first, ...others] = setAmong(handler, kinds);
  if (first === undefined) {
    yield refuse(handler, 'no handler is written', `one of ${kinds.join(', ')}`);
    return;
  }
  for (const other of others) yield refuse(at(handler, other), `there is a handler already, ${first}`, 'one handler');
  const chosen = at(handler, first);
  if (first === 'exec' && itemsOf(at(chosen, 'command')).length === 0)
    yield missing(at(chosen, 'command'), 'a command');
  const port = at(chosen, 'port');
  if (isSet(port)) yield* unlessFine(port, faultOfPort(port.value), 'from 1 to 65535, or the name of a port');
  for (const header of itemsOf(at(chosen, 'httpHeaders'))) {
    const name = at(header, 'name');
    if (!/^[-A-Za-z0-9]+$/.test(textOf(name)))
      yield refuse(name, 'this is no name of a header', 'letters, digits and hyphens');
  }
}

/** Keys that only look like labels. */
export function* topologyKeyFaults(field: Field): Faults {
  if (textOf(field) === '') yield missing(field, 'the key of a node label');
  else yield* unlessFine(field, faultOfLabelKey(textOf(field)), 'the key of a node label');
}
