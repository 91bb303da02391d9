import { faultOfAnnotationKey, faultOfLabelKey } from '../names.ts';
import { at, type Faults, type Field, isSet, itemsOf, missing, refuse, setAmong, textOf, unlessFine } from './field.ts';
import { faultOfEnvName, faultOfKey, faultOfSubdomain } from './text-rules.ts';

const SOURCES = ['fieldRef', 'resourceFieldRef', 'configMapKeyRef', 'secretKeyRef', 'fileKeyRef'];
const ENV_FIELDS: ReadonlySet<string> = new Set([
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.serviceAccountName',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
]);
const VOLUME_FIELDS: ReadonlySet<string> = new Set([
  'metadata.name',
  'metadata.namespace',
  'metadata.labels',
  'metadata.annotations',
  'metadata.uid',
]);
const RESOURCES = /^(?:limits|requests)\.(?:cpu|memory|ephemeral-storage|hugepages-.+)$/;

/** k8s.io/kubernetes/pkg/apis/core/validation: ValidateEnv and ValidateEnvFrom. */
export function* envFaults(container: Field): Faults {
  for (const variable of itemsOf(at(container, 'env'))) {
    const name = at(variable, 'name');
    yield* unlessFine(name, faultOfEnvName(textOf(name)), 'printable ASCII without =');
    const from = at(variable, 'valueFrom');
    if (!isSet(from)) continue;
    yield* sourceFaults(from);
    const sources = setAmong(from, SOURCES);
    if (sources.length === 0) yield refuse(from, 'no source is written', `one of ${SOURCES.join(', ')}`);
    else if (textOf(at(variable, 'value')) !== '')
      yield refuse(from, 'value is there too', 'one of value and valueFrom');
    else if (sources.length > 1) yield refuse(from, `there are two sources: ${sources.join(', ')}`, 'one source');
  }
  const all = at(container, 'envFrom');
  for (const source of itemsOf(all)) {
    const prefix = at(source, 'prefix');
    yield* unlessFine(prefix, faultOfEnvName(textOf(prefix)), 'printable ASCII without =');
    const sources = setAmong(source, ['configMapRef', 'secretRef']);
    // The server speaks of the list, not of the item.
    if (sources.length !== 1)
      yield refuse(
        all,
        `an item has ${sources.length === 0 ? 'no source' : 'two sources'}`,
        'one of configMapRef, secretRef',
      );
    for (const reference of sources) yield* referenceFaults(at(source, reference, 'name'));
  }
}

function* referenceFaults(name: Field): Faults {
  if (textOf(name) === '') yield missing(name, 'the name of the object');
  else yield* unlessFine(name, faultOfSubdomain(textOf(name)), 'the name of an object');
}

function* sourceFaults(from: Field): Faults {
  yield* fieldFaults(at(from, 'fieldRef'), ENV_FIELDS);
  yield* resourceFieldFaults(at(from, 'resourceFieldRef'));
  for (const source of ['configMapKeyRef', 'secretKeyRef']) {
    const reference = at(from, source);
    if (!isSet(reference)) continue;
    yield* referenceFaults(at(reference, 'name'));
    const key = at(reference, 'key');
    if (textOf(key) !== '') yield* unlessFine(key, faultOfKey(textOf(key)), 'a key of the object');
  }
}

/** validateDownwardAPIVolumeFile's references. */
export function* downwardItemFaults(item: Field): Faults {
  const [field, resource] = [at(item, 'fieldRef'), at(item, 'resourceFieldRef')];
  yield* fieldFaults(field, VOLUME_FIELDS);
  yield* resourceFieldFaults(resource);
  if (isSet(field) && isSet(resource)) yield refuse(item, 'there are two sources', 'one of fieldRef, resourceFieldRef');
  if (!isSet(field) && !isSet(resource)) yield refuse(item, 'there is no source', 'one of fieldRef, resourceFieldRef');
}

/** validateObjectFieldSelector: a path, or a path with one key of a map. */
function* fieldFaults(reference: Field, allowed: ReadonlySet<string>): Faults {
  const field = at(reference, 'fieldPath');
  const path = textOf(field);
  if (!isSet(reference) || allowed.has(path)) return;
  if (path === '') {
    yield missing(field, [...allowed].join(', '));
    return;
  }
  const subscript = /^(metadata\.(?:labels|annotations))\['(.*)'\]$/.exec(path);
  if (subscript === null) yield refuse(field, 'a pod does not tell this field', [...allowed].join(', '));
  else {
    const [, map, key = ''] = subscript;
    const fault = map === 'metadata.labels' ? faultOfLabelKey(key) : faultOfAnnotationKey(key);
    if (fault !== undefined) yield refuse(reference, `the key is refused: ${fault}`, 'a qualified name');
  }
}

function* resourceFieldFaults(reference: Field): Faults {
  const resource = at(reference, 'resource');
  if (textOf(resource) !== '' && !RESOURCES.test(textOf(resource)))
    yield refuse(resource, 'a container does not tell this resource', 'limits.cpu, requests.memory and the like');
}
