import { UserError } from '../../core/errors.ts';
import { isPrivateAddress, isRefusedAddress } from './refused-addresses.ts';

/** The service under review, as its URL names it. */
export interface Target {
  readonly origin: string;
  readonly secure: boolean;
  /** Without brackets. */
  readonly host: string;
  readonly port: number;
  /** The part of the path that stands before every other path; without a slash at its end. */
  readonly basePath: string;
  /** The URL without credentials, for people. */
  readonly shown: string;
  /** An Authorization header made of the user and password in the URL. */
  readonly authorization: string | undefined;
  /** A loopback or private address, or a name that only resolves on this machine or inside a cluster. */
  readonly local: boolean;
}

/** Reads the URL of a service; throws UserError where nothing can or may be asked there. The URL's secrets are never in the error. */
export function parseTarget(url: string): Target {
  const parsed = URL.parse(url);
  if (parsed === null)
    throw new UserError(`${describe(url)} is not a URL.`, { hint: 'Give one such as http://127.0.0.1:8080.' });
  if (parsed.protocol !== 'http:' && parsed.protocol !== 'https:')
    throw new UserError(`A service is probed over http or https, not over ${parsed.protocol.slice(0, -1)}.`, {
      hint: 'Give a URL that starts with http:// or https://.',
    });
  if (parsed.search !== '' || parsed.hash !== '')
    throw new UserError('The URL of a service has no query and no fragment.', {
      hint: 'Give the address before the first question mark; a credential belongs in a header.',
    });
  const host = parsed.hostname.replace(/^\[|\]$/g, '');
  if (isRefusedAddress(host))
    throw new UserError(`${host} is a link-local or metadata address, which is never asked.`, {
      hint: 'Give the address of the service itself.',
    });
  const secure = parsed.protocol === 'https:';
  const basePath = parsed.pathname.replace(/\/+$/, '');
  return {
    origin: parsed.origin,
    secure,
    host,
    port: parsed.port === '' ? (secure ? 443 : 80) : Number(parsed.port),
    basePath,
    shown: `${parsed.origin}${basePath}`,
    authorization: authorizationOf(parsed),
    local: isPrivateAddress(host) || /(?:^|\.)localhost$|\.(?:local|internal|svc)$/.test(host) || !/[.:]/.test(host),
  };
}

function authorizationOf({ username, password }: URL): string | undefined {
  if (username === '' && password === '') return undefined;
  const userinfo = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return `Basic ${Buffer.from(userinfo).toString('base64')}`;
}

function describe(url: string): string {
  return JSON.stringify(url.length > 80 || url.includes('@') ? `${url.slice(0, 12)}…` : url);
}
