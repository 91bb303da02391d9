import { classFaults, modeFaults } from './claim.ts';
import { at, entriesOf, type Faults, type Field, isSet, missing, quantityOf, refuse, textOf } from './field.ts';
import { driverFaults, hostPathFaults, nfsFaults } from './volumes.ts';

/** What a PersistentVolume's spec has beside its source. */
const NOT_SOURCES: ReadonlySet<string> = new Set([
  'accessModes',
  'capacity',
  'claimRef',
  'mountOptions',
  'nodeAffinity',
  'persistentVolumeReclaimPolicy',
  'storageClassName',
  'volumeAttributesClassName',
  'volumeMode',
]);

/** The sources that are common, in the order of the server's code: the first that it meets is the one that it takes. */
const ORDER = ['hostPath', 'nfs', 'iscsi', 'fc', 'local', 'csi'];

/** k8s.io/kubernetes/pkg/apis/core/validation, ValidatePersistentVolumeSpec. */
export function* persistentVolumeFaults(spec: Field): Faults {
  yield* modeFaults(at(spec, 'accessModes'));
  const capacity = at(spec, 'capacity');
  if (entriesOf(capacity).length === 0) yield missing(capacity, 'storage and its size');
  for (const [name, amount] of entriesOf(capacity))
    if (name !== 'storage') yield refuse(amount, `${name} is no capacity of a volume`, 'storage');
    else if ((quantityOf(amount) ?? 0) <= 0) yield refuse(amount, 'the size is not above zero', 'a size, such as 10Gi');
  const sources = entriesOf(spec)
    .filter(([name, part]) => !NOT_SOURCES.has(name) && isSet(part))
    .sort(([a], [b]) => ORDER.indexOf(a) - ORDER.indexOf(b));
  if (sources.length === 0) yield refuse(spec, 'the volume has no source', 'one source, such as csi or nfs');
  const [first, ...others] = sources;
  if (first !== undefined) yield* sourceFaults(spec, ...first);
  for (const [, other] of others) yield refuse(other, 'the volume has a source already', 'one source');
  yield* classFaults(at(spec, 'storageClassName'));
}

function* sourceFaults(spec: Field, name: string, source: Field): Faults {
  if (name === 'hostPath') yield* hostPathFaults(source);
  if (name === 'nfs') yield* nfsFaults(source);
  if (name === 'csi') yield* csiFaults(source);
  if (name === 'local' && !isSet(at(spec, 'nodeAffinity')))
    yield missing(at(spec, 'nodeAffinity'), 'the node of the volume');
}

/** validateCSIPersistentVolumeSource. */
function* csiFaults(source: Field): Faults {
  yield* driverFaults(source);
  if (textOf(at(source, 'volumeHandle')) === '') yield missing(at(source, 'volumeHandle'), 'the name of the volume');
}
