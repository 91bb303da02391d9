import type { ReportFinding } from '../../core/report.ts';

/**
 * The names by which a page's parts are linked to. Those of findings are made of check, source and subject alone, so that a
 * link in a ticket leads to the same finding of the next report.
 */
export function anchorsOf(findings: readonly Pick<ReportFinding, 'id'>[]): ReadonlyMap<string, string> {
  const anchors = new Map<string, string>();
  const taken = new Map<string, number>();
  for (const { id } of findings) {
    if (anchors.has(id)) continue;
    const name = `finding-${fingerprint(id)}`;
    const nth = (taken.get(name) ?? 0) + 1;
    taken.set(name, nth);
    anchors.set(id, nth === 1 ? name : `${name}-${nth}`);
  }
  return anchors;
}

/** `check-probes-readiness-probe`, of an id that may come from anywhere. */
export function checkAnchor(check: string): string {
  return `check-${check.replace(/[^A-Za-z0-9]+/g, '-')}`;
}

export function itemAnchor(id: string): string {
  return `item-${id.replace(/[^A-Za-z0-9.]+/g, '-')}`;
}

/** 53 bits, which is plenty for a page. What is named twice is told apart by whoever asks. */
function fingerprint(words: string): string {
  let [high, low] = [0xdeadbeef, 0x41c6ce57];
  for (let index = 0; index < words.length; index++) {
    const unit = words.charCodeAt(index);
    high = Math.imul(high ^ unit, 2654435761);
    low = Math.imul(low ^ unit, 1597334677);
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return (4294967296 * (2097151 & low) + (high >>> 0)).toString(36).padStart(11, '0');
}
