import { faultOfLabelKey } from '../names.ts';
import { at, entriesOf, type Faults, type Field, itemsOf, quantityOf, refuse, textOf, unlessFine } from './field.ts';

const STANDARD: ReadonlySet<string> = new Set(['cpu', 'memory', 'ephemeral-storage']);

/** Thousandths are counted in 64 bits. */
const LARGEST_COUNT = 2 ** 63 / 1000;

/** k8s.io/kubernetes/pkg/apis/core/validation, validateResourceRequirements for a container. */
export function* resourceFaults(resources: Field): Faults {
  const [limits, requests] = [at(resources, 'limits'), at(resources, 'requests')];
  for (const [name, quantity] of [...entriesOf(limits), ...entriesOf(requests)]) {
    yield* resourceNameFaults(name, quantity);
    yield* amountFaults(name, quantity);
  }
  for (const [name, request] of entriesOf(requests)) {
    const limit = quantityOf(at(limits, name));
    const amount = quantityOf(request) ?? 0;
    if (limit !== undefined && amount !== limit && !mayBeShared(name))
      yield refuse(requests, `the request of ${name} is not its limit`, 'two equal amounts');
    else if (limit !== undefined && amount > limit)
      yield refuse(requests, `the request of ${name} is above its limit`, `at most ${String(at(limits, name).value)}`);
    else if (limit === undefined && !mayBeShared(name))
      yield refuse(limits, `${name} has a request and no limit`, 'a limit that equals the request');
  }
  for (const claim of itemsOf(at(resources, 'claims')))
    if (textOf(at(claim, 'name')) === '') yield refuse(at(claim, 'name'), 'name is missing', 'a claim of the pod');
}

/** Overcommit is allowed for what Kubernetes itself counts, huge pages excepted. */
function mayBeShared(name: string): boolean {
  return !name.includes('/') && !name.startsWith('hugepages-');
}

/** ValidateContainerResourceName. */
function* resourceNameFaults(name: string, field: Field): Faults {
  yield* unlessFine(field, faultOfLabelKey(name), 'a qualified name');
  if (!name.includes('/') && !STANDARD.has(name) && !name.startsWith('hugepages-'))
    yield refuse(
      field,
      `${name} is no resource of a container`,
      'cpu, memory, ephemeral-storage, or a name with a domain',
    );
}

/** ValidateResourceQuantityValue: never negative, and whole where a device is counted. */
export function* amountFaults(name: string, field: Field, isWhole = name.includes('/')): Faults {
  const amount = quantityOf(field) ?? 0;
  if (amount < 0) yield refuse(field, 'the amount is negative', 'zero or more');
  if (isWhole && (!Number.isInteger(amount) || amount > LARGEST_COUNT))
    yield refuse(field, `${name} is counted in whole numbers`, 'a whole number');
}
