import { chmodSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { rolldown } from 'rolldown';
import manifest from '../package.json' with { type: 'json' };
import { writeDeclarations } from './declarations.ts';
import { bomText, bundledPackages, licensesText } from './third-party.ts';

const root = join(import.meta.dirname, '..');
const { values } = parseArgs({ options: { out: { type: 'string', default: join(root, 'dist') } } });
const dist = resolve(values.out);

/** Bundles the CLI and what programs import, each lazily loaded part as a file of its own: few files start quickly, and only what is used is read. */
rmSync(dist, { recursive: true, force: true });
const bundle = await rolldown({
  input: { 'qna-ready': join(root, 'bin/qna-ready.ts'), index: join(root, 'src/index.ts') },
  platform: 'node',
  cwd: root,
  logLevel: 'warn',
});
const { output } = await bundle.write({
  dir: dist,
  format: 'esm',
  entryFileNames: '[name].js',
  chunkFileNames: 'chunks/[name]-[hash].js',
  minify: true,
});
await bundle.close();
const modules = output.flatMap((part) => (part.type === 'chunk' ? part.moduleIds : []));
const packages = bundledPackages(modules);
writeFileSync(join(dist, 'THIRD-PARTY-LICENSES.txt'), licensesText(packages));
writeFileSync(join(dist, 'sbom.cdx.json'), bomText(manifest, packages));
writeDeclarations(root, join(dist, 'types'));
const entry = join(dist, 'qna-ready.js');
chmodSync(entry, 0o755);
console.log(`Built ${entry} (${statSync(entry).size} bytes, chunks beside it).`);
