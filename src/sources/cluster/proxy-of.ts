import { isIP } from 'node:net';
import { contains } from '../../kubernetes/cidr.ts';

/**
 * The proxy that the environment names for a server, as kubectl reads it (https://pkg.go.dev/golang.org/x/net/http/httpproxy):
 * HTTPS_PROXY in either case, unless the server is this machine or NO_PROXY names it.
 */
export function proxyOf(server: string, env: Readonly<Record<string, string | undefined>>): string | undefined {
  const { protocol, hostname, port } = new URL(server);
  const secure = protocol === 'https:';
  const proxy = secure ? (env.HTTPS_PROXY ?? env.https_proxy) : (env.HTTP_PROXY ?? env.http_proxy);
  if (proxy === undefined || proxy === '') return undefined;
  const host = hostname.replace(/^\[|\]$/g, '').toLowerCase();
  if (host === 'localhost' || contains('127.0.0.0/8', host) || host === '::1') return undefined;
  const exceptions = (env.NO_PROXY ?? env.no_proxy ?? '').split(',').map((entry) => entry.trim().toLowerCase());
  if (exceptions.some((entry) => covers(entry, host, port || (secure ? '443' : '80')))) return undefined;
  return /^[a-z0-9]+:\/\//i.test(proxy) ? proxy : `http://${proxy}`;
}

function covers(entry: string, host: string, port: string): boolean {
  if (entry === '') return false;
  if (entry === '*') return true;
  if (entry.includes('/')) return contains(entry, host);
  const [, name = entry, onlyPort] = isIP(entry) === 6 ? [] : (/^(.*?)(?::(\d+))?$/.exec(entry) ?? []);
  if (onlyPort !== undefined && onlyPort !== port) return false;
  const bare = name.replace(/^\*?\./, '');
  return (host === bare && !name.startsWith('.') && !name.startsWith('*.')) || host.endsWith(`.${bare}`);
}
