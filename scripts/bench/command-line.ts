import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../steps.ts';
import { writeManySets, writeOneSet } from './input.ts';
import { type Commands, compare, tell } from './timing.ts';

/** Wall time is compared within one run only: the machine is shared, and what it does beside us changes. */
const ROUNDS = 11;
const SETS = 2000;
const BUNDLE = join(ROOT, 'dist/qna-ready.js');

/** Reads what validate reads, parses it with the same library, and judges nothing. */
const PARSE_ONLY = `
const { readdirSync, readFileSync } = await import('node:fs');
const { parseAllDocuments } = await import(${JSON.stringify(join(ROOT, 'node_modules/yaml/dist/index.js'))});
const folder = process.argv[1];
for (const name of readdirSync(folder))
  for (const document of parseAllDocuments(readFileSync(folder + '/' + name, 'utf8'), { version: '1.1' })) document.toJS();
`;

/** Times the commands of the release bundle against bare programs, and prints a line for each. */
export function benchCommandLine(): void {
  spawnSync('npm', ['run', '--silent', 'build'], { cwd: ROOT, stdio: 'inherit' });
  if (!existsSync(BUNDLE)) throw new Error(`${BUNDLE} was not built`);
  const folder = mkdtempSync(join(tmpdir(), 'qna-ready-bench-'));
  try {
    const small = join(folder, 'small');
    const large = join(folder, 'large');
    const files = writeOneSet(small);
    const documents = writeManySets(large, SETS);
    const quick: Commands = {
      'node -e 0': ['-e', '0'],
      'qna-ready --version': [BUNDLE, '--version'],
      [`qna-ready validate, ${files} files`]: [BUNDLE, 'validate', small],
      'qna-ready init --yes, empty folder': () => [BUNDLE, 'init', mkdtempSync(join(folder, 'empty-')), '--yes'],
      'qna-ready init --yes, nothing to do': [BUNDLE, 'init', join(folder, 'project'), '--yes'],
    };
    tell(quick, compare(quick, ROUNDS));
    const slow: Commands = {
      [`parse ${documents} documents, judge nothing`]: ['--input-type=module', '-e', PARSE_ONLY, large],
      [`qna-ready validate, ${documents} documents`]: [BUNDLE, 'validate', large],
    };
    const medians = compare(slow, 3);
    tell(slow, medians);
    console.log(`${Math.round(documents / ((medians.at(-1) ?? Number.NaN) / 1000))} documents/s`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
