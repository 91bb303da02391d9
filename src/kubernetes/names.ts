const SUBDOMAIN = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;
const LABEL = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/;
const QUALIFIED = /^[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?$/;

/** Kinds whose name is one DNS label, because it becomes a part of a host name. */
const LABEL_NAMES: ReadonlySet<string> = new Set(['Service', 'StatefulSet', 'Namespace']);
/** Kinds of whose name the server only asks that it fits into a path. */
const PATH_NAMES: ReadonlySet<string> = new Set([
  'Role',
  'ClusterRole',
  'RoleBinding',
  'ClusterRoleBinding',
  'PodDisruptionBudget',
]);
/** A Job's name becomes a label of its pods; a CronJob adds eleven characters for each of its Jobs. */
const MAX_LENGTHS: ReadonlyMap<string, number> = new Map([
  ['Service', 63],
  ['StatefulSet', 63],
  ['Namespace', 63],
  ['Job', 63],
  ['CronJob', 52],
]);

/** Why the API server refuses a name for this kind; undefined where it does not. */
export function faultOfName(kind: string, name: string): string | undefined {
  if (PATH_NAMES.has(kind))
    return /[/%]/.test(name) || name === '.' || name === '..' ? 'it does not fit into a path' : undefined;
  const max = MAX_LENGTHS.get(kind) ?? 253;
  if (name.length > max) return `it is longer than ${max} characters`;
  if (LABEL_NAMES.has(kind)) return LABEL.test(name) ? undefined : 'it is not lower-case letters, digits and hyphens';
  return SUBDOMAIN.test(name) ? undefined : 'it is not lower-case letters, digits, hyphens and dots';
}

/** Why the beginning of a generated name is refused; the server adds five letters and digits. */
export function faultOfGenerateName(kind: string, prefix: string): string | undefined {
  return prefix === '' ? undefined : faultOfName(kind, `${prefix.slice(0, 58)}x`);
}

/** Why a label's key is refused. */
export function faultOfLabelKey(key: string): string | undefined {
  const slash = key.indexOf('/');
  const [prefix, name] = slash === -1 ? [undefined, key] : [key.slice(0, slash), key.slice(slash + 1)];
  if (prefix !== undefined && (prefix.length > 253 || !SUBDOMAIN.test(prefix)))
    return 'the part before the slash is no domain name in lower case';
  if (name.length > 63) return 'the name is longer than 63 characters';
  return QUALIFIED.test(name) ? undefined : 'the name is not letters, digits, hyphens, underscores and dots';
}

/** Why an annotation's key is refused: as a label's, but the case does not matter. */
export function faultOfAnnotationKey(key: string): string | undefined {
  return faultOfLabelKey(key.toLowerCase());
}

/** Why a label's value is refused; the empty value is allowed. */
export function faultOfLabelValue(value: string): string | undefined {
  if (value.length > 63) return 'it is longer than 63 characters';
  return value === '' || QUALIFIED.test(value) ? undefined : 'it is not letters, digits, hyphens, underscores and dots';
}
