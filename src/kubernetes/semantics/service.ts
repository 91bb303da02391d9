import { faultOfLabelKey } from '../names.ts';
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
  textOf,
  textsOf,
  unlessFine,
} from './field.ts';
import { labelsFaults } from './labels.ts';
import { isRange } from './network-policy.ts';
import { faultOfDnsLabel, faultOfPort, faultOfSubdomain, isIp } from './text-rules.ts';

const REACHED_FROM_OUTSIDE: ReadonlySet<string> = new Set(['NodePort', 'LoadBalancer']);

/** k8s.io/kubernetes/pkg/apis/core/validation, validateService. */
export function* serviceFaults(spec: Field): Faults {
  const type = textOf(at(spec, 'type')) || 'ClusterIP';
  const isHeadless = textOf(at(spec, 'clusterIP')) === 'None' || textsOf(at(spec, 'clusterIPs'))[0] === 'None';
  const ports = itemsOf(at(spec, 'ports'));
  if (ports.length === 0 && !isHeadless && type !== 'ExternalName')
    yield missing(at(spec, 'ports'), 'one port or more');
  if (isHeadless && REACHED_FROM_OUTSIDE.has(type))
    yield refuse(at(spec, 'clusterIP'), `a Service of type ${type} has an address`, 'another clusterIP, or none');
  if (type === 'ExternalName') yield* externalNameFaults(spec);
  for (const port of ports) yield* portFaults(port, ports.length > 1, type, isHeadless);
  yield* duplicates(
    ports,
    (port) => textOf(at(port, 'name')) || undefined,
    (port) => at(port, 'name'),
  );
  yield* duplicates(
    ports,
    (port) => `${textOf(at(port, 'protocol')) || 'TCP'} ${String(at(port, 'port').value)}`,
    (port) => port,
  );
  yield* duplicates(
    ports,
    (port) =>
      (numberOf(at(port, 'nodePort')) ?? 0) === 0
        ? undefined
        : `${textOf(at(port, 'protocol'))} ${String(at(port, 'nodePort').value)}`,
    (port) => at(port, 'nodePort'),
  );
  yield* labelsFaults(at(spec, 'selector'));
  yield* addressFaults(spec, type);
  yield* trafficFaults(spec, type);
}

/** validateServicePort. The name is asked for where there are several ports. */
function* portFaults(port: Field, isOneOfSeveral: boolean, type: string, isHeadless: boolean): Faults {
  const [name, number, target] = [at(port, 'name'), at(port, 'port'), at(port, 'targetPort')];
  if (isOneOfSeveral && textOf(name) === '') yield missing(name, 'a name, since there are several ports');
  if (textOf(name) !== '') yield* unlessFine(name, faultOfDnsLabel(textOf(name)), 'a DNS label');
  if (isSet(number)) yield* unlessFine(number, faultOfPort(number.value), 'from 1 to 65535');
  if (isSet(target) && target.value !== 0 && target.value !== '')
    yield* unlessFine(target, faultOfPort(target.value), 'from 1 to 65535, or the name of a port of the pod');
  if (isHeadless && typeof target.value === 'number' && target.value === 0)
    yield refuse(target, 'the port is 0', 'a port');
  const protocol = at(port, 'appProtocol');
  if (isSet(protocol)) yield* unlessFine(protocol, faultOfLabelKey(textOf(protocol)), 'a qualified name');
  const nodePort = at(port, 'nodePort');
  if ((numberOf(nodePort) ?? 0) !== 0 && type === 'ClusterIP')
    yield refuse(nodePort, 'a Service of type ClusterIP opens no port of the nodes', 'no such field, or type NodePort');
}

function* externalNameFaults(spec: Field): Faults {
  const name = at(spec, 'externalName');
  if (textOf(name) === '') yield missing(name, 'a DNS name');
  else yield* unlessFine(name, faultOfSubdomain(textOf(name).replace(/\.$/, '')), 'a DNS name');
}

/** ValidateServiceClusterIPsRelatedFields, and the other addresses. */
function* addressFaults(spec: Field, type: string): Faults {
  const address = at(spec, 'clusterIP');
  if (type === 'ExternalName' && textOf(address) !== '')
    yield refuse(address, 'a Service of type ExternalName has no address', 'no such field');
  if (type !== 'ExternalName' && textOf(address) !== '' && textOf(address) !== 'None' && !isIp(textOf(address)))
    yield refuse(address, 'this is no IP address', 'an IP address, None, or nothing');
  for (const external of itemsOf(at(spec, 'externalIPs')))
    if (!isIp(textOf(external))) yield refuse(external, 'this is no IP address', 'an IP address');
  const ranges = at(spec, 'loadBalancerSourceRanges');
  if (itemsOf(ranges).length > 0 && type !== 'LoadBalancer')
    yield refuse(ranges, `a Service of type ${type} has no balancer`, 'type LoadBalancer');
  else
    for (const range of itemsOf(ranges))
      if (!isRange(textOf(range).trim())) yield refuse(range, 'this is no range of addresses', 'such as 10.0.0.0/8');
}

/** validateServiceExternalTrafficPolicy, and session affinity. */
function* trafficFaults(spec: Field, type: string): Faults {
  const policy = at(spec, 'externalTrafficPolicy');
  const isOutside =
    REACHED_FROM_OUTSIDE.has(type) || (type === 'ClusterIP' && itemsOf(at(spec, 'externalIPs')).length > 0);
  if (textOf(policy) !== '' && !isOutside)
    yield refuse(policy, `a Service of type ${type} has no traffic from outside`, 'no such field, or another type');
  const healthPort = at(spec, 'healthCheckNodePort');
  if ((numberOf(healthPort) ?? 0) !== 0 && !(type === 'LoadBalancer' && textOf(policy) === 'Local'))
    yield refuse(healthPort, 'only a LoadBalancer with externalTrafficPolicy Local has one', 'no such field');
  const affinity = at(spec, 'sessionAffinityConfig');
  if (textOf(at(spec, 'sessionAffinity')) === 'ClientIP')
    yield* outside(at(affinity, 'clientIP', 'timeoutSeconds'), 1, 86400);
  else if (isSet(affinity)) yield refuse(affinity, 'there is no session affinity', 'sessionAffinity ClientIP');
}
