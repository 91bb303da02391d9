import {
  at,
  type Faults,
  type Field,
  isSet,
  itemsOf,
  missing,
  quantityOf,
  refuse,
  textOf,
  textsOf,
  unlessFine,
} from './field.ts';
import { selectorFaults } from './labels.ts';
import { faultOfSubdomain } from './text-rules.ts';

const MODES = ['ReadWriteOnce', 'ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOncePod'];

/** k8s.io/kubernetes/pkg/apis/core/validation, ValidatePersistentVolumeClaimSpec. */
export function* claimSpecFaults(spec: Field): Faults {
  yield* modeFaults(at(spec, 'accessModes'));
  const modes = textsOf(at(spec, 'accessModes'));
  if (modes.includes('ReadWriteOncePod') && modes.some((mode) => mode !== 'ReadWriteOncePod' && MODES.includes(mode)))
    yield refuse(at(spec, 'accessModes'), 'ReadWriteOncePod stands beside another mode', 'ReadWriteOncePod alone');
  yield* selectorFaults(at(spec, 'selector'));
  const storage = at(spec, 'resources', 'requests', 'storage');
  if (!isSet(storage)) yield missing(storage, 'a size, such as 10Gi');
  else if ((quantityOf(storage) ?? 0) <= 0) yield refuse(storage, 'the size is not above zero', 'a size, such as 10Gi');
  yield* classFaults(at(spec, 'storageClassName'));
}

/** What claims and volumes have in common: how they may be mounted. */
export function* modeFaults(modes: Field): Faults {
  if (itemsOf(modes).length === 0) yield missing(modes, MODES.join(', '));
  for (const mode of itemsOf(modes))
    if (!MODES.includes(textOf(mode))) yield refuse(mode, 'there is no such access mode', MODES.join(', '));
}

export function* classFaults(name: Field): Faults {
  if (textOf(name) !== '') yield* unlessFine(name, faultOfSubdomain(textOf(name)), 'the name of a class');
}
