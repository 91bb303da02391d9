const SUBDOMAIN = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;
const LABEL = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/;
const QUALIFIED = /^[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?$/;

/** Kinds whose name becomes a part of a host name, and is one DNS label for that reason. */
const SHORT_NAMES: ReadonlySet<string> = new Set(['Service', 'Namespace']);
/** A CronJob adds eleven characters to its name for each Job. */
const CRON_JOB_MAX = 52;

/** Why the API server refuses a name for this kind; undefined where it does not. */
export function faultOfName(kind: string, name: string): string | undefined {
  const max = kind === 'CronJob' ? CRON_JOB_MAX : SHORT_NAMES.has(kind) ? 63 : 253;
  if (name.length > max) return `it is longer than ${max} characters`;
  if (SHORT_NAMES.has(kind)) {
    if (!LABEL.test(name)) return 'it is not lower-case letters, digits and hyphens';
    return kind === 'Service' && /^\d/.test(name) ? 'it begins with a digit' : undefined;
  }
  return SUBDOMAIN.test(name) ? undefined : 'it is not lower-case letters, digits, hyphens and dots';
}

/** Why a key of a label or an annotation is refused. */
export function faultOfKey(key: string): string | undefined {
  const slash = key.indexOf('/');
  const [prefix, name] = slash === -1 ? [undefined, key] : [key.slice(0, slash), key.slice(slash + 1)];
  if (prefix !== undefined && (prefix.length > 253 || !SUBDOMAIN.test(prefix.toLowerCase())))
    return 'the part before the slash is no domain name';
  if (name.length > 63) return 'the name is longer than 63 characters';
  return QUALIFIED.test(name) ? undefined : 'the name is not letters, digits, hyphens, underscores and dots';
}

/** Why a label's value is refused; the empty value is allowed. */
export function faultOfLabelValue(value: string): string | undefined {
  if (value.length > 63) return 'it is longer than 63 characters';
  return value === '' || QUALIFIED.test(value) ? undefined : 'it is not letters, digits, hyphens, underscores and dots';
}
