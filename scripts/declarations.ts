import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';

/** Writes the declarations of what programs import, with those that they need, and none of the many others. */
export function writeDeclarations(root: string, out: string): void {
  const all = mkdtempSync(join(tmpdir(), 'qna-ready-types-'));
  try {
    execFileSync('tsc', ['-p', join(root, 'tsconfig.types.json'), '--outDir', all], { stdio: 'inherit' });
    for (const file of reachable(join(all, 'src/index.d.ts'))) {
      const target = join(out, relative(join(all, 'src'), file));
      mkdirSync(dirname(target), { recursive: true });
      cpSync(file, target);
    }
  } finally {
    rmSync(all, { recursive: true, force: true });
  }
}

function reachable(entry: string): ReadonlySet<string> {
  const found = new Set([entry]);
  for (const file of found)
    for (const [, path = ''] of readFileSync(file, 'utf8').matchAll(/(?:from |import\()['"](\.[^'"]+)\.ts['"]/g))
      found.add(join(dirname(file), `${path}.d.ts`));
  return found;
}
