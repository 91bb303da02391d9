import type { KubernetesObject } from '../core/objects.ts';

/** Keys whose value the API server reads: it must be JSON. */
const READ_KEYS: ReadonlySet<string> = new Set(['.dockerconfigjson', '.dockercfg']);
const NOT_BASE64 = '*';

/**
 * A Secret with stand-ins for its values that the API server would judge as it judges the values: of the same type, base64 where
 * they are, JSON where that counts. Annotations go the same way, since kubectl keeps whole Secrets in them.
 */
export function outlineOfSecret(object: KubernetesObject): KubernetesObject {
  const raw = object as KubernetesObject & { readonly data?: unknown; readonly stringData?: unknown };
  const metadata = raw.metadata as unknown as Readonly<Record<string, unknown>> | undefined;
  const annotations = metadata?.annotations;
  return {
    ...raw,
    ...(annotations === undefined || metadata === undefined
      ? {}
      : { metadata: { ...metadata, annotations: outline(annotations, () => 'x') } }),
    ...(raw.data === undefined ? {} : { data: outline(raw.data, encodedStandIn) }),
    ...(raw.stringData === undefined ? {} : { stringData: outline(raw.stringData, standIn) }),
  } as KubernetesObject;
}

function outline(values: unknown, standInFor: (key: string, value: string) => string): unknown {
  if (typeof values !== 'object' || values === null || Array.isArray(values)) return values;
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [
      key,
      typeof value === 'string' ? standInFor(key, value) : typeOnly(value),
    ]),
  );
}

function standIn(key: string, value: string): string {
  if (value === '') return '';
  return READ_KEYS.has(key) && isJson(value) ? '{}' : 'x';
}

function encodedStandIn(key: string, value: string): string {
  const text = value.replace(/[\r\n]/g, '');
  const bytes = Buffer.from(text, 'base64');
  if (bytes.toString('base64') !== text) return NOT_BASE64;
  return Buffer.from(standIn(key, bytes.toString('utf8'))).toString('base64');
}

/** A number could be a password too. */
function typeOnly(value: unknown): unknown {
  if (typeof value === 'number') return Number.isInteger(value) ? 0 : 0.5;
  if (typeof value === 'boolean') return true;
  return Array.isArray(value) ? [] : value === null ? null : {};
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
