import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

/**
 * Lays out what is published: the bundle with what it reads, and a manifest without dependencies, since the bundle brings all that it
 * uses. The service's packages stay in this repository. `npm run build` comes first.
 */
const root = join(import.meta.dirname, '..');
const { values } = parseArgs({
  options: {
    dist: { type: 'string', default: join(root, 'dist') },
    out: { type: 'string', default: join(root, 'dist-package') },
  },
});
const out = resolve(values.out);
const dist = resolve(values.dist);
if (!existsSync(join(dist, 'qna-ready.js'))) throw new Error(`There is no bundle in ${dist}; run: npm run build.`);
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });

const {
  scripts: _s,
  dependencies: _d,
  devDependencies: _v,
  allowScripts: _a,
  ...manifest
} = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<string, unknown> & {
  readonly name: string;
  readonly version: string;
  readonly files: readonly string[];
};
for (const file of manifest.files)
  cpSync(file === 'dist' ? dist : join(root, file), join(out, file), { recursive: true });
writeFileSync(join(out, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
console.log(`Laid out ${manifest.name} ${manifest.version} in ${out}.`);
