import { type LookupAddress, type LookupOptions, lookup } from 'node:dns';
import { BlockList, isIP } from 'node:net';

/** Link-local networks and the addresses under which clouds hand out credentials: a probe has no business there. */
const REFUSED = new BlockList();
REFUSED.addSubnet('169.254.0.0', 16, 'ipv4');
REFUSED.addSubnet('fe80::', 10, 'ipv6');
REFUSED.addAddress('fd00:ec2::254', 'ipv6');
REFUSED.addAddress('fd20:ce::254', 'ipv6');
REFUSED.addAddress('100.100.100.200', 'ipv4');

const PRIVATE = new BlockList();
PRIVATE.addSubnet('127.0.0.0', 8, 'ipv4');
PRIVATE.addSubnet('10.0.0.0', 8, 'ipv4');
PRIVATE.addSubnet('172.16.0.0', 12, 'ipv4');
PRIVATE.addSubnet('192.168.0.0', 16, 'ipv4');
PRIVATE.addSubnet('100.64.0.0', 10, 'ipv4');
PRIVATE.addAddress('::1', 'ipv6');
PRIVATE.addSubnet('fc00::', 7, 'ipv6');

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/** The code of the error that `guardedLookup` gives for a refused address. */
export const REFUSED_ADDRESS = 'EREFUSEDADDRESS';

export function isRefusedAddress(host: string): boolean {
  return isIn(REFUSED, host);
}

/** A loopback or private address; false for a name. */
export function isPrivateAddress(host: string): boolean {
  return isIn(PRIVATE, host);
}

/** This machine, by an address or by the name that every machine has for itself. */
export function isLoopbackAddress(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '').toLowerCase();
  return isIn(LOOPBACK, bare) || bare === 'localhost' || bare.endsWith('.localhost');
}

/** Addresses by name, which are taken instead of what the resolver would say. */
export type PinnedAddresses = Readonly<Record<string, string>>;

/** The lookup for connections: pinned names first, all others as `guardedLookup` does. */
export function lookupOf(pinned: PinnedAddresses = {}): typeof guardedLookup {
  return (hostname, options, callback) => {
    const address = Object.hasOwn(pinned, hostname) ? pinned[hostname] : undefined;
    if (address === undefined) return guardedLookup(hostname, options, callback);
    const family = isIP(address);
    return options.all === true ? callback(null, [{ address, family }]) : callback(null, address, family);
  };
}

/** Resolves a name as Node does, and refuses it where any of its addresses is refused: a name can point anywhere. */
function guardedLookup(
  hostname: string,
  options: LookupOptions,
  callback: (error: NodeJS.ErrnoException | null, address: string | LookupAddress[], family?: number) => void,
): void {
  lookup(hostname, options, (error: NodeJS.ErrnoException | null, found: string | LookupAddress[], family?: number) => {
    const addresses = typeof found === 'string' ? [found] : (found ?? []).map((each) => each.address);
    if (error === null && addresses.some(isRefusedAddress)) {
      const refused = new Error(`${hostname} is a link-local or metadata address`);
      callback(Object.assign(refused, { code: REFUSED_ADDRESS }), found, family);
    } else callback(error, found, family);
  });
}

function isIn(list: BlockList, host: string): boolean {
  const family = isIP(host);
  return family !== 0 && list.check(host, family === 4 ? 'ipv4' : 'ipv6');
}
