import { faultOfLabelKey, faultOfLabelValue } from '../names.ts';
import { affinityFaults } from './affinity.ts';
import { containersFaults } from './container.ts';
import {
  at,
  type Faults,
  type Field,
  isSet,
  isTrue,
  itemsOf,
  missing,
  numberOf,
  outside,
  refuse,
  textOf,
  unlessFine,
} from './field.ts';
import { labelsFaults, selectorFaults } from './labels.ts';
import { securityFaults } from './security.ts';
import { faultOfDnsLabel, faultOfSubdomain, isIp } from './text-rules.ts';
import { judgeVolumes } from './volumes.ts';

const DEFAULT_GRACE_SECONDS = 30;
const MAX_NAMESERVERS = 3;
const MAX_SEARCHES = 32;

/** k8s.io/kubernetes/pkg/apis/core/validation, ValidatePodSpec. */
export function* podSpecFaults(spec: Field): Faults {
  const { faults, names } = judgeVolumes(spec);
  yield* faults;
  const grace = numberOf(at(spec, 'terminationGracePeriodSeconds')) ?? DEFAULT_GRACE_SECONDS;
  if (itemsOf(at(spec, 'containers')).length === 0) yield missing(at(spec, 'containers'), 'one container or more');
  // A negative period is read as one second: pkg/apis/core/v1/defaults.go and validation of pods and templates.
  const graceSeconds = grace < 0 ? 1 : grace;
  yield* containersFaults(spec, {
    volumes: names,
    graceSeconds,
    hostNetwork: isTrue(at(spec, 'hostNetwork')),
    ownsUsers: at(spec, 'hostUsers').value === false,
  });
  yield* labelsFaults(at(spec, 'nodeSelector'));
  yield* securityFaults(at(spec, 'securityContext'));
  yield* affinityFaults(at(spec, 'affinity'));
  yield* dnsFaults(spec);
  yield* spreadFaults(itemsOf(at(spec, 'topologySpreadConstraints')));
  for (const [field, rule, expected] of NAMES) {
    const name = at(spec, field);
    if (textOf(name) !== '') yield* unlessFine(name, rule(textOf(name)), expected);
  }
  yield* outside(at(spec, 'activeDeadlineSeconds'), 1, 2 ** 31 - 1);
  for (const toleration of itemsOf(at(spec, 'tolerations'))) yield* tolerationFaults(toleration);
  for (const alias of itemsOf(at(spec, 'hostAliases'))) {
    const address = at(alias, 'ip');
    if (!isIp(textOf(address))) yield refuse(address, 'this is no IP address', 'an IP address');
    for (const name of itemsOf(at(alias, 'hostnames')))
      yield* unlessFine(name, faultOfSubdomain(textOf(name)), 'a DNS name');
  }
}

const NAMES = [
  ['serviceAccountName', faultOfSubdomain, 'the name of a ServiceAccount'],
  ['nodeName', faultOfSubdomain, 'the name of a node'],
  ['hostname', faultOfDnsLabel, 'a DNS label'],
  ['subdomain', faultOfDnsLabel, 'a DNS label'],
  ['priorityClassName', faultOfSubdomain, 'the name of a PriorityClass'],
  ['runtimeClassName', faultOfSubdomain, 'the name of a RuntimeClass'],
] as const;

/** validatePodDNSConfig. */
function* dnsFaults(spec: Field): Faults {
  const config = at(spec, 'dnsConfig');
  const servers = at(config, 'nameservers');
  if (textOf(at(spec, 'dnsPolicy')) === 'None') {
    if (!isSet(config)) {
      yield missing(config, 'name servers, since dnsPolicy is None');
      return;
    }
    if (itemsOf(servers).length === 0) {
      yield missing(servers, 'one name server or more, since dnsPolicy is None');
      return;
    }
  }
  if (itemsOf(servers).length > MAX_NAMESERVERS)
    yield refuse(servers, 'there are too many name servers', `at most ${MAX_NAMESERVERS}`);
  for (const server of itemsOf(servers))
    if (!isIp(textOf(server))) yield refuse(server, 'this is no IP address', 'an IP address');
  const searches = at(config, 'searches');
  if (itemsOf(searches).length > MAX_SEARCHES)
    yield refuse(searches, 'there are too many search paths', `at most ${MAX_SEARCHES}`);
  for (const option of itemsOf(at(config, 'options')))
    if (textOf(at(option, 'name')) === '') yield refuse(option, 'the option has no name', 'a name');
}

/** validateTopologySpreadConstraints. */
function* spreadFaults(constraints: readonly Field[]): Faults {
  for (const [index, constraint] of constraints.entries()) {
    const skew = at(constraint, 'maxSkew');
    if (isSet(skew)) yield* outside(skew, 1, Number.POSITIVE_INFINITY);
    const key = at(constraint, 'topologyKey');
    // Here the server asks for no more than a key: ValidateTopologyKey.
    if (textOf(key) === '') yield missing(key, 'the key of a node label');
    const action = textOf(at(constraint, 'whenUnsatisfiable'));
    if (
      constraints
        .slice(index + 1)
        .some(
          (later) =>
            textOf(at(later, 'topologyKey')) === textOf(key) && textOf(at(later, 'whenUnsatisfiable')) === action,
        )
    )
      yield refuse(constraint, 'a later constraint has the same topologyKey and whenUnsatisfiable', 'each pair once');
    yield* selectorFaults(at(constraint, 'labelSelector'));
    const domains = at(constraint, 'minDomains');
    yield* outside(domains, 1, Number.POSITIVE_INFINITY);
    if (isSet(domains) && action !== 'DoNotSchedule')
      yield refuse(domains, 'minDomains needs whenUnsatisfiable: DoNotSchedule', 'no such field');
  }
}

/** ValidateTolerations. */
function* tolerationFaults(toleration: Field): Faults {
  const [key, operator, effect] = [at(toleration, 'key'), at(toleration, 'operator'), at(toleration, 'effect')];
  const value = textOf(at(toleration, 'value'));
  const name = textOf(operator);
  if (textOf(key) !== '') yield* unlessFine(key, faultOfLabelKey(textOf(key)), 'a qualified name');
  else if (name !== 'Exists') yield refuse(operator, 'without a key only Exists is possible', 'Exists');
  if (isSet(at(toleration, 'tolerationSeconds')) && textOf(effect) !== 'NoExecute')
    yield refuse(effect, 'tolerationSeconds needs the effect NoExecute', 'NoExecute');
  if (name === 'Exists') {
    if (value !== '') yield refuse(operator, 'Exists takes no value', 'no value');
  } else if (name === '' || name === 'Equal')
    yield* unlessFine(operator, faultOfLabelValue(value), 'a value as labels have');
}
