import { contains, parseCidr } from '../cidr.ts';
import { at, type Faults, type Field, isSet, itemsOf, refuse, setAmong, textOf, unlessFine } from './field.ts';
import { selectorFaults } from './labels.ts';
import { faultOfPort } from './text-rules.ts';

const TYPES = ['Ingress', 'Egress'];
const PROTOCOLS = ['TCP', 'UDP', 'SCTP'];

/** k8s.io/kubernetes/pkg/apis/networking/validation, ValidateNetworkPolicySpec. */
export function* networkPolicyFaults(spec: Field): Faults {
  yield* selectorFaults(at(spec, 'podSelector'));
  for (const [rules, peers] of [
    ['ingress', 'from'],
    ['egress', 'to'],
  ] as const)
    for (const rule of itemsOf(at(spec, rules))) {
      for (const port of itemsOf(at(rule, 'ports'))) yield* portFaults(port);
      for (const peer of itemsOf(at(rule, peers))) yield* peerFaults(peer);
    }
  const types = at(spec, 'policyTypes');
  if (itemsOf(types).length > TYPES.length) {
    yield refuse(types, 'there are more than two types', TYPES.join(', '));
    return;
  }
  for (const type of itemsOf(types))
    if (!TYPES.includes(textOf(type))) yield refuse(type, 'there is no such type', TYPES.join(', '));
}

function* portFaults(rule: Field): Faults {
  const [protocol, port, end] = [at(rule, 'protocol'), at(rule, 'port'), at(rule, 'endPort')];
  if (isSet(protocol) && !PROTOCOLS.includes(textOf(protocol)))
    yield refuse(protocol, 'there is no such protocol', PROTOCOLS.join(', '));
  if (isSet(port)) yield* unlessFine(port, faultOfPort(port.value), 'from 1 to 65535, or the name of a port');
  if (!isSet(end)) return;
  if (typeof port.value !== 'number')
    yield refuse(end, 'a range begins with the number of a port', 'a port in numbers');
  else if (Number(end.value) < port.value)
    yield refuse(end, 'the range ends before it begins', `${port.value} or more`);
  else yield* unlessFine(end, faultOfPort(end.value), 'from 1 to 65535');
}

/** ValidateNetworkPolicyPeer and ValidateIPBlock. */
function* peerFaults(peer: Field): Faults {
  yield* selectorFaults(at(peer, 'podSelector'));
  yield* selectorFaults(at(peer, 'namespaceSelector'));
  const block = at(peer, 'ipBlock');
  const ways = setAmong(peer, ['podSelector', 'namespaceSelector', 'ipBlock']);
  if (ways.length === 0) yield refuse(peer, 'the peer is empty', 'podSelector, namespaceSelector or ipBlock');
  if (!isSet(block)) return;
  if (ways.length > 1) yield refuse(peer, 'an ipBlock stands beside a selector', 'two peers');
  const range = at(block, 'cidr');
  if (textOf(range) === '') return;
  if (!isRange(textOf(range))) {
    yield refuse(range, 'this is no range of addresses', 'such as 10.0.0.0/8');
    return;
  }
  for (const exception of itemsOf(at(block, 'except')))
    if (!isRange(textOf(exception))) yield refuse(exception, 'this is no range of addresses', 'such as 10.1.0.0/16');
    else if (!isStrictlyWithin(textOf(exception), textOf(range)))
      yield refuse(exception, 'the exception is not a smaller part of the block', `a part of ${textOf(range)}`);
}

/** An address, a slash and the length of a prefix. */
export function isRange(text: string): boolean {
  return text.includes('/') && parseCidr(text) !== undefined;
}

function isStrictlyWithin(inner: string, outer: string): boolean {
  return contains(outer, inner) && !contains(inner, outer);
}
