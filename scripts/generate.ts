import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHECKS } from '../src/checks/index.ts';
import { checksPage } from './checks-page.ts';

const root = join(import.meta.dirname, '..');
const file = join(root, 'docs/checks.md');

/** Writes what is made from the registry; with --check it only says whether the committed file is fresh. */
const page = checksPage();
if (!process.argv.includes('--check')) {
  writeFileSync(file, page);
  console.log(`Wrote docs/checks.md with ${CHECKS.length} checks.`);
} else if (read(file) !== page) {
  console.error('docs/checks.md is stale. Write it anew with: npm run generate.');
  process.exitCode = 1;
} else console.log('docs/checks.md is fresh.');

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
