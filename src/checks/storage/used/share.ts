import type { ClaimUsage, Share } from '../../../core/facts.ts';

/** As df counts: what a file system keeps back for root is nobody's, so it is not counted as room. */
export function usedShare({ used, free }: Share): number {
  return used + free <= 0 ? 0 : used / (used + free);
}

/** `83.4 % of 10.0 GiB and 4.0 % of 655360 inodes used`. */
export function describeShare({ bytes, inodes }: Pick<ClaimUsage, 'bytes' | 'inodes'>): string {
  const parts = [
    ...(bytes === undefined ? [] : [`${percent(bytes)} of ${(bytes.total / 2 ** 30).toFixed(1)} GiB`]),
    ...(inodes === undefined ? [] : [`${percent(inodes)} of ${inodes.total} inodes`]),
  ];
  return `${parts.join(' and ')} used`;
}

function percent(share: Share): string {
  return `${(usedShare(share) * 100).toFixed(1)} %`;
}
