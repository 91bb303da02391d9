import { faultOfLabelKey } from '../names.ts';
import {
  at,
  duplicates,
  entriesOf,
  type Faults,
  type Field,
  itemsOf,
  oneOf,
  quantityOf,
  refuse,
  textOf,
  unlessFine,
} from './field.ts';
import { amountFaults } from './resources.ts';

/** What is counted by pieces: k8s.io/kubernetes/pkg/apis/core/helper, IsIntegerResourceName. */
const COUNTED: ReadonlySet<string> = new Set([
  'pods',
  'services',
  'replicationcontrollers',
  'resourcequotas',
  'secrets',
  'configmaps',
  'persistentvolumeclaims',
  'services.nodeports',
  'services.loadbalancers',
]);
const MEASURED =
  /^(?:(?:requests\.|limits\.)?(?:cpu|memory|ephemeral-storage|storage)|(?:requests\.|limits\.)?hugepages-.+)$/;
const LIMITED = ['Pod', 'Container', 'PersistentVolumeClaim'];
const COMPARED = [
  ['min', 'max', 'min'],
  ['min', 'defaultRequest', 'defaultRequest'],
  ['defaultRequest', 'max', 'defaultRequest'],
  ['defaultRequest', 'default', 'defaultRequest'],
  ['min', 'default', 'default'],
  ['default', 'max', 'default'],
] as const;

/** k8s.io/kubernetes/pkg/apis/core/validation, ValidateResourceQuotaSpec. */
export function* quotaFaults(spec: Field): Faults {
  for (const [name, amount] of entriesOf(at(spec, 'hard'))) {
    if (!name.includes('/') && !COUNTED.has(name) && !MEASURED.test(name))
      yield refuse(amount, `${name} is nothing that a quota counts`, 'such as requests.cpu, limits.memory or pods');
    yield* amountFaults(name, amount, COUNTED.has(name) || name.includes('/'));
  }
}

/** ValidateLimitRange: what is least is never above what is most, and the defaults lie between. */
export function* limitRangeFaults(spec: Field): Faults {
  const limits = itemsOf(at(spec, 'limits'));
  for (const limit of limits) {
    const type = at(limit, 'type');
    if (textOf(type).includes('/')) yield* unlessFine(type, faultOfLabelKey(textOf(type)), 'a qualified name');
    else yield* oneOf(type, LIMITED);
    for (const [lower, upper, blamed] of COMPARED)
      for (const [name, low] of entriesOf(at(limit, lower))) {
        const high = quantityOf(at(limit, upper, name));
        if (high !== undefined && (quantityOf(low) ?? 0) > high)
          yield refuse(at(limit, blamed, name), `${lower} of ${name} is above ${upper}`, `${lower} at most ${upper}`);
      }
  }
  yield* duplicates(
    limits,
    (limit) => textOf(at(limit, 'type')) || undefined,
    (limit) => at(limit, 'type'),
  );
}
