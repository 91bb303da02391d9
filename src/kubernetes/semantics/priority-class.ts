import { at, type Faults, type Field, numberOf, refuse, textOf } from './field.ts';

const HIGHEST = 1_000_000_000;

/** k8s.io/kubernetes/pkg/apis/scheduling/validation, ValidatePriorityClass. */
export function* priorityClassFaults(object: Field): Faults {
  const [name, value] = [at(object, 'metadata', 'name'), at(object, 'value')];
  if (textOf(name).startsWith('system-'))
    yield refuse(name, 'names that begin with system- are reserved', 'another name');
  if ((numberOf(value) ?? 0) > HIGHEST) yield refuse(value, 'the priority is too high', `at most ${HIGHEST}`);
}
