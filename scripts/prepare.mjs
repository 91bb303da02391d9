// npm runs this after it has installed the packages of a clone: also where it makes the program of one, as pre-commit has it do,
// and there the bundle is all that is kept. Plain JavaScript, since an old Node must be able to read it.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
// Without the development packages, somebody wants to run the sources and not to build them.
if (existsSync(fileURLToPath(new URL('../node_modules/rolldown', import.meta.url)))) {
  if (major > 22 || (major === 22 && minor >= 19)) await import('./build.ts');
  else
    console.error(
      `prepare.mjs: nothing was built; it needs Node.js 22.19 or later, and this is ${process.versions.node}.`,
    );
}
