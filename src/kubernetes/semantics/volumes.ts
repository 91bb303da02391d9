import { claimSpecFaults } from './claim.ts';
import { downwardItemFaults } from './environment.ts';
import {
  at,
  entriesOf,
  type Faults,
  type Field,
  isSet,
  itemsOf,
  missing,
  outside,
  quantityOf,
  refuse,
  textOf,
  unlessFine,
} from './field.ts';
import { faultOfBacksteps, faultOfDescendingPath, faultOfDnsLabel, faultOfSubdomain } from './text-rules.ts';

const MAX_MODE = 0o777;

/** The faults of a pod's volumes, and the names of those without any: a mount of another is refused too. */
export function judgeVolumes(spec: Field): {
  readonly faults: readonly ReturnType<typeof refuse>[];
  readonly names: ReadonlySet<string>;
} {
  const names = new Set<string>();
  const faults = itemsOf(at(spec, 'volumes')).flatMap((volume) => {
    const found = [...volumeFaults(volume, names)];
    if (found.length === 0) names.add(textOf(at(volume, 'name')));
    return found;
  });
  return { faults, names };
}

/** k8s.io/kubernetes/pkg/apis/core/validation: ValidateVolumes and validateVolumeSource. */
function* volumeFaults(volume: Field, taken: ReadonlySet<string>): Faults {
  const name = at(volume, 'name');
  if (textOf(name) === '') yield missing(name, 'a name for the volume');
  else {
    yield* unlessFine(name, faultOfDnsLabel(textOf(name)), 'a DNS label');
    if (taken.has(textOf(name))) yield refuse(name, 'another volume has this name', 'a name of its own');
  }
  // A volume without any source is an empty folder: pkg/apis/core/v1, SetDefaults_Volume.
  const sources = entriesOf(volume).filter(([key, source]) => key !== 'name' && isSet(source));
  const [, ...others] = sources.map(([, source]) => source).sort(byServerOrder);
  for (const other of others) yield refuse(other, 'the volume has a source already', 'one source');
  const chosen = sources.map(([, source]) => source).sort(byServerOrder)[0];
  if (chosen !== undefined) yield* sourceFaults(chosen);
}

/** The server counts sources in the order of its code: the first it meets is the one that it takes. */
const ORDER = [
  'emptyDir',
  'hostPath',
  'gitRepo',
  'gcePersistentDisk',
  'awsElasticBlockStore',
  'secret',
  'nfs',
  'iscsi',
  'glusterfs',
  'persistentVolumeClaim',
  'rbd',
  'cinder',
  'cephfs',
  'flocker',
  'downwardAPI',
  'fc',
  'configMap',
  'azureFile',
  'quobyte',
  'vsphereVolume',
  'photonPersistentDisk',
  'portworxVolume',
  'azureDisk',
  'projected',
  'scaleIO',
  'storageos',
  'csi',
  'ephemeral',
  'image',
];

function byServerOrder(a: Field, b: Field): number {
  return ORDER.indexOf(String(a.path.at(-1))) - ORDER.indexOf(String(b.path.at(-1)));
}

function* sourceFaults(source: Field): Faults {
  switch (source.path.at(-1)) {
    case 'emptyDir': {
      const size = at(source, 'sizeLimit');
      if ((quantityOf(size) ?? 0) < 0) yield refuse(size, 'the size is negative', 'zero or more');
      return;
    }
    case 'configMap':
      if (textOf(at(source, 'name')) === '') yield missing(at(source, 'name'), 'the name of the ConfigMap');
      yield* filesFaults(source);
      return;
    case 'secret':
      if (textOf(at(source, 'secretName')) === '') yield missing(at(source, 'secretName'), 'the name of the Secret');
      yield* filesFaults(source);
      return;
    case 'persistentVolumeClaim':
      if (textOf(at(source, 'claimName')) === '') yield missing(at(source, 'claimName'), 'the name of the claim');
      return;
    case 'hostPath':
      yield* hostPathFaults(source);
      return;
    case 'nfs':
      yield* nfsFaults(source);
      return;
    case 'downwardAPI':
      yield* outside(at(source, 'defaultMode'), 0, MAX_MODE);
      for (const item of itemsOf(at(source, 'items'))) yield* downwardFileFaults(item);
      return;
    case 'projected':
      yield* projectedFaults(source);
      return;
    case 'csi':
      yield* driverFaults(source);
      return;
    case 'ephemeral': {
      const template = at(source, 'volumeClaimTemplate');
      if (!isSet(template)) yield missing(template, 'a template of the claim');
      else yield* claimSpecFaults(at(template, 'spec'));
    }
  }
}

/** What a ConfigMap and a Secret have in common as folders of files. */
function* filesFaults(source: Field): Faults {
  yield* outside(at(source, 'defaultMode'), 0, MAX_MODE);
  for (const item of itemsOf(at(source, 'items'))) yield* fileFaults(item);
}

/** validateKeyToPath. */
function* fileFaults(item: Field): Faults {
  const [key, path] = [at(item, 'key'), at(item, 'path')];
  if (textOf(key) === '') yield missing(key, 'a key of the object');
  yield* filePathFaults(path);
  yield* outside(at(item, 'mode'), 0, MAX_MODE);
}

function* downwardFileFaults(item: Field): Faults {
  yield* filePathFaults(at(item, 'path'));
  yield* downwardItemFaults(item);
  yield* outside(at(item, 'mode'), 0, MAX_MODE);
}

/** ValidateLocalNonReservedPath. */
function* filePathFaults(path: Field): Faults {
  const text = textOf(path);
  if (text === '') yield missing(path, 'a path below the volume');
  else if (text.startsWith('..') && faultOfBacksteps(text) === undefined)
    yield refuse(path, 'names that begin with two dots are reserved', 'a path below the volume');
  else yield* unlessFine(path, faultOfDescendingPath(text), 'a path below the volume');
}

/** validateProjectionSources. */
function* projectedFaults(source: Field): Faults {
  yield* outside(at(source, 'defaultMode'), 0, MAX_MODE);
  const taken = new Set<string>();
  for (const projection of itemsOf(at(source, 'sources'))) {
    const parts = entriesOf(projection).filter(([, part]) => isSet(part));
    if (parts.length > 1) yield refuse(projection, `the source has ${parts.length} kinds`, 'one kind');
    for (const [kind, part] of parts) {
      if ((kind === 'secret' || kind === 'configMap') && textOf(at(part, 'name')) === '')
        yield missing(at(part, 'name'), 'the name of the object');
      for (const item of itemsOf(at(part, 'items')))
        yield* kind === 'downwardAPI' ? downwardFileFaults(item) : fileFaults(item);
      if (kind === 'serviceAccountToken') {
        yield* filePathFaults(at(part, 'path'));
        yield* outside(at(part, 'expirationSeconds'), 600, 2 ** 32);
      }
      for (const path of itemsOf(at(part, 'items')).map((item) => at(item, 'path'))) {
        // The server speaks of the volume, not of the item.
        if (textOf(path) !== '' && taken.has(textOf(path)))
          yield refuse(source, `two sources write the file ${textOf(path)}`, 'a path of its own for each file');
        taken.add(textOf(path));
      }
    }
  }
}

/** ValidateCSIDriverName. */
export function* driverFaults(source: Field): Faults {
  const driver = at(source, 'driver');
  if (textOf(driver) === '') yield missing(driver, 'the name of the driver');
  else yield* unlessFine(driver, faultOfSubdomain(textOf(driver).toLowerCase()), 'the name of the driver');
}

export function* hostPathFaults(source: Field): Faults {
  const path = at(source, 'path');
  if (textOf(path) === '') yield missing(path, 'a path of the node');
  else yield* unlessFine(path, faultOfBacksteps(textOf(path)), 'a path of the node');
}

export function* nfsFaults(source: Field): Faults {
  const [server, path] = [at(source, 'server'), at(source, 'path')];
  if (textOf(server) === '') yield missing(server, 'the name of the server');
  if (textOf(path) === '') yield missing(path, 'the exported path');
  else if (!textOf(path).startsWith('/')) yield refuse(path, 'the path is not absolute', 'an absolute path');
}
