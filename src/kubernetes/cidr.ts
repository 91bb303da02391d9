/** A range of addresses: its first and last address as numbers, and how many bits an address has. */
export interface AddressRange {
  readonly bits: 32 | 128;
  readonly first: bigint;
  readonly last: bigint;
}

/** Reads `10.0.0.0/8`, `::/0` or a single address; undefined where it is neither. */
export function parseCidr(text: string): AddressRange | undefined {
  const [address = '', length, ...rest] = text.trim().split('/');
  const value = parseIPv4(address) ?? parseIPv6(address);
  if (value === undefined || rest.length > 0) return undefined;
  const { bits } = value;
  if (length !== undefined && !/^\d{1,3}$/.test(length)) return undefined;
  const prefix = length === undefined ? bits : Number(length);
  if (prefix > bits) return undefined;
  const hostMask = (1n << BigInt(bits - prefix)) - 1n;
  const first = value.number & ~hostMask;
  return { bits, first, last: first | hostMask };
}

/** The range holds the whole of the other; ranges of different families never do. */
export function contains(range: string, other: string): boolean {
  const [outer, inner] = [parseCidr(range), parseCidr(other)];
  if (outer === undefined || inner === undefined || outer.bits !== inner.bits) return false;
  return outer.first <= inner.first && inner.last <= outer.last;
}

/** A NetworkPolicy's ipBlock: the range without its exceptions. */
export function ipBlockContains(
  block: { readonly cidr?: string; readonly except?: readonly string[] },
  address: string,
): boolean {
  return contains(block.cidr ?? '', address) && !(block.except ?? []).some((range) => contains(range, address));
}

interface Address {
  readonly bits: 32 | 128;
  readonly number: bigint;
}

function parseIPv4(text: string): Address | undefined {
  const parts = text.split('.');
  // A leading zero is refused, as Go does: some readers take it for octal.
  if (parts.length !== 4 || !parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256))
    return undefined;
  return { bits: 32, number: parts.reduce((sum, part) => (sum << 8n) | BigInt(part), 0n) };
}

function parseIPv6(text: string): Address | undefined {
  const halves = text.split('::');
  if (!text.includes(':') || halves.length > 2) return undefined;
  const groups = halves.map(groupsOf);
  const [head, tail] = groups;
  if (head === undefined || groups.includes(undefined)) return undefined;
  const gap = 8 - head.length - (tail?.length ?? 0);
  if (tail === undefined ? gap !== 0 : gap < 1) return undefined;
  const all = [...head, ...Array<bigint>(gap).fill(0n), ...(tail ?? [])];
  return { bits: 128, number: all.reduce((sum, group) => (sum << 16n) | group, 0n) };
}

/** The groups of one side of `::`; the last may be written as an IPv4 address. */
function groupsOf(side: string): readonly bigint[] | undefined {
  if (side === '') return [];
  const parts = side.split(':');
  const groups: bigint[] = [];
  for (const [index, part] of parts.entries()) {
    const embedded = index === parts.length - 1 ? parseIPv4(part) : undefined;
    if (embedded !== undefined) groups.push(embedded.number >> 16n, embedded.number & 0xffffn);
    else if (/^[0-9a-f]{1,4}$/i.test(part)) groups.push(BigInt(`0x${part}`));
    else return undefined;
  }
  return groups;
}
