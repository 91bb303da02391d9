import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scenariosPage } from '../test/cluster/scenarios/table.ts';
import { checksPage } from './checks-page.ts';
import { compiledRules } from './compiled-rules.ts';
import { metricsPage } from './faults-table.ts';
import { htmlAssets } from './html-assets.ts';
import { manPage } from './man-page.ts';
import { configurationPage, reportPage } from './schema-pages.ts';

const root = join(import.meta.dirname, '..');

/** Pages and code that are made from what the project knows of itself, so that they cannot tell anything else. */
const PAGES = {
  'docs/checks.md': checksPage,
  'docs/configuration.md': configurationPage,
  'docs/metrics.md': metricsPage,
  'docs/report.md': reportPage,
  'man/qna-ready.1': manPage,
  'src/reporters/html/assets.ts': htmlAssets,
  'src/scaffold/compiled-rules.ts': compiledRules,
  'test/cluster/scenarios/README.md': scenariosPage,
} as const;

/** Writes the pages; with --check it only says whether the committed ones are fresh. */
const isCheck = process.argv.includes('--check');
for (const [name, make] of Object.entries(PAGES)) {
  const file = join(root, name);
  const page = make();
  if (!isCheck) {
    writeFileSync(file, page);
    console.log(`Wrote ${name}.`);
  } else if (read(file) !== page) {
    console.error(`${name} is stale. Write it anew with: npm run generate.`);
    process.exitCode = 1;
  } else console.log(`${name} is fresh.`);
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
