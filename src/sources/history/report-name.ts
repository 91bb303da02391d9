import { createHash } from 'node:crypto';
import type { Report } from '../../core/report.ts';

/** `20261101T080000Z-not-ready-1a2b3c4d5e6f`: by time, and the same for the same report however it was laid out. */
export function reportName(report: Report): { readonly name: string; readonly hash: string } {
  const hash = createHash('sha256').update(JSON.stringify(report)).digest('hex');
  const time = new Date(report.startedAt).toISOString().replace(/\.\d+/, '').replace(/[-:]/g, '');
  return { name: `${time}-${report.summary.verdict}-${hash.slice(0, 12)}`, hash };
}

/** A target as the name of a folder. Others can share it: what a report is about is read from the report. */
export function folderName(target: string): string {
  const words = target
    .replace(/[^A-Za-z0-9.]+/g, '-')
    .replace(/^[-.]+|[-.]+$/g, '')
    .slice(0, 80);
  return words === '' ? 'target' : words;
}
