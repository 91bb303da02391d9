import { parseCidr } from '../cidr.ts';

/** The forms of texts that the API server's code demands; each says why a text is refused, or undefined. */

const LABEL = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/;
const SUBDOMAIN = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;

/** k8s.io/apimachinery/pkg/util/validation, IsDNS1123Label. */
export function faultOfDnsLabel(text: string): string | undefined {
  if (text.length > 63) return 'it is longer than 63 characters';
  return LABEL.test(text) ? undefined : 'it is not lower-case letters, digits and hyphens';
}

/** IsDNS1123Subdomain. */
export function faultOfSubdomain(text: string): string | undefined {
  if (text.length > 253) return 'it is longer than 253 characters';
  return SUBDOMAIN.test(text) ? undefined : 'it is not lower-case letters, digits, hyphens and dots';
}

/** A host of an Ingress: IsDNS1123Subdomain or, with a star, IsWildcardDNS1123Subdomain; never an address. */
export function faultOfHost(host: string): string | undefined {
  if (isIp(host)) return 'it is an address, not a name';
  if (!host.includes('*')) return faultOfSubdomain(host);
  return host.startsWith('*.') && SUBDOMAIN.test(host.slice(2)) && host.length <= 253
    ? undefined
    : 'a star may only be the whole first part';
}

/** IsValidPortName: the name of a service as IANA writes it. */
export function faultOfPortName(name: string): string | undefined {
  if (name.length === 0 || name.length > 15) return 'it is not 1 to 15 characters long';
  if (!/^[-a-z0-9]+$/.test(name)) return 'it is not lower-case letters, digits and hyphens';
  if (!/[a-z]/.test(name)) return 'it has no letter';
  if (name.includes('--')) return 'it has two hyphens in a row';
  return name.startsWith('-') || name.endsWith('-') ? 'it begins or ends with a hyphen' : undefined;
}

/** IsValidPortNum, or IsValidPortName for a text. */
export function faultOfPort(port: unknown): string | undefined {
  if (typeof port === 'string') return faultOfPortName(port);
  return typeof port === 'number' && port >= 1 && port <= 65535 ? undefined : 'it is not from 1 to 65535';
}

/** IsConfigMapKey. */
export function faultOfKey(key: string): string | undefined {
  if (key.length > 253) return 'it is longer than 253 characters';
  if (!/^[-._a-zA-Z0-9]+$/.test(key)) return 'it is not letters, digits, hyphens, underscores and dots';
  return key === '.' || key.startsWith('..') ? 'it names a folder' : undefined;
}

/** IsRelaxedEnvVarName: printable ASCII without the sign that ends the name. */
export function faultOfEnvName(name: string): string | undefined {
  if (!/^[ -~]*$/.test(name)) return 'it is not printable ASCII';
  return name.includes('=') ? 'it holds an equals sign' : undefined;
}

/** validateLocalDescendingPath. */
export function faultOfDescendingPath(path: string): string | undefined {
  if (path.startsWith('/')) return 'it is not relative';
  return faultOfBacksteps(path);
}

/** validatePathNoBacksteps. */
export function faultOfBacksteps(path: string): string | undefined {
  return path.split('/').includes('..') ? 'it goes up with two dots' : undefined;
}

export function isIp(text: string): boolean {
  return !text.includes('/') && parseCidr(text) !== undefined;
}

/** A percentage as IsValidPercent takes it. */
export function isPercent(text: string): boolean {
  return /^\d+%$/.test(text);
}
