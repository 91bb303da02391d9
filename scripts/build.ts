import { chmodSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { writeDeclarations } from './declarations.ts';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');

/** Bundles the CLI and what programs import, each lazily loaded part as a file of its own: few files start quickly, and only what is used is read. */
rmSync(dist, { recursive: true, force: true });
const bundle = await rolldown({
  input: { 'qna-ready': join(root, 'bin/qna-ready.ts'), index: join(root, 'src/index.ts') },
  platform: 'node',
  cwd: root,
  logLevel: 'warn',
});
await bundle.write({
  dir: dist,
  format: 'esm',
  entryFileNames: '[name].js',
  chunkFileNames: 'chunks/[name]-[hash].js',
  minify: true,
});
await bundle.close();
writeDeclarations(root, join(dist, 'types'));
const entry = join(dist, 'qna-ready.js');
chmodSync(entry, 0o755);
console.log(`Built ${entry} (${statSync(entry).size} bytes, chunks beside it).`);
